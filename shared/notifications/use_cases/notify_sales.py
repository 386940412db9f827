"""Tell sales of a large order."""

from dataclasses import dataclass

from shared.kernel.money import Money
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.large_order import LargeOrder, sales_message
from shared.notifications.domain.notification import Kind
from shared.notifications.ports import Channel, SalesUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySales:
    """A large order was placed."""

    order_id: str
    customer_id: str
    total: Money
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySalesHandler:
    """Sends, then records; what is on record is not sent again, nor what nobody is to hear of.

    A mail may go out twice if the function dies between the two. One that cannot be sent is
    tried again: `DeliveryFailed`.
    """

    uow: SalesUnitOfWork
    channel: Channel
    sales: Contact

    def __call__(self, command: NotifySales) -> None:
        with self.uow as uow:
            notified = uow.large_orders.find(command.order_id) is not None
            if not notified and self.channel.serves(self.sales):
                text = sales_message(
                    command.order_id,
                    customer_id=command.customer_id,
                    total=command.total,
                    lines=command.lines,
                )
                self.channel.send(text, kind=Kind.LARGE_ORDER, to=self.sales)
                order = LargeOrder(command.order_id, customer_id=command.customer_id)
                order.notify_sales()
                uow.large_orders.save(order)
            uow.commit()
