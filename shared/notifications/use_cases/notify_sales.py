"""Tell sales of a large order."""

from dataclasses import dataclass

from shared.kernel.money import Money
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.large_order import LargeOrder, Thresholds, sales_message
from shared.notifications.domain.notification import Kind
from shared.notifications.domain.occasions import OrderMoment
from shared.notifications.ports import Channel, SalesUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySales:
    """The sale of an order stands: if it is a large one, sales hears of it."""

    moment: OrderMoment
    customer_id: str
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySalesHandler:
    """Sends, then records; what is on record is not sent again, nor what nobody is to hear of.

    Nor is an order whose customer was told of something later: it was cancelled since.
    A mail may go out twice if the function dies between the two. One that cannot be sent is
    tried again: `DeliveryFailed`.
    """

    uow: SalesUnitOfWork
    channel: Channel
    sales: Contact
    thresholds: Thresholds

    def __call__(self, command: NotifySales) -> None:
        with self.uow as uow:
            if self.thresholds.passed_by(command.total) and self.channel.serves(self.sales):
                self._tell(uow, command)
            uow.commit()

    def _tell(self, uow: SalesUnitOfWork, command: NotifySales) -> None:
        order_id = command.moment.order_id
        known, told = uow.large_orders.load(order_id)
        if known is not None or told > command.moment.version:
            return
        text = sales_message(order_id, customer_id=command.customer_id, total=command.total)
        self.channel.send(text, kind=Kind.LARGE_ORDER, to=self.sales)
        order = LargeOrder(order_id, customer_id=command.customer_id)
        order.notify_sales()
        uow.large_orders.save(order)
