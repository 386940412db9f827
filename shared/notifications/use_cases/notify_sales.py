"""Tell sales of a large order."""

from dataclasses import dataclass

from shared.kernel.clock import Clock
from shared.kernel.money import Money
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.delivery import reference_of
from shared.notifications.domain.large_order import LargeOrder, Thresholds, sales_message
from shared.notifications.domain.notification import Kind
from shared.notifications.domain.occasions import OrderMoment
from shared.notifications.ports import (
    Channel,
    DeliveryFailed,
    DeliveryImpossible,
    SalesUnitOfWork,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySales:
    """The sale of an order stands: if it is a large one, sales hears of it."""

    moment: OrderMoment
    customer_id: str
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySalesHandler:
    """Records that it is about to send, sends, and records what came of it.

    What is over is not sent again, nor what nobody is to hear of. Nor is an order whose customer
    was told of something later: it was cancelled since. What the channel refuses is tried again
    (`DeliveryFailed`), and so is what nobody knows the end of (`DeliveryUnclear`, then `NotYet`
    until that can be said).
    """

    uow: SalesUnitOfWork
    channel: Channel
    sales: Contact
    thresholds: Thresholds
    clock: Clock

    def __call__(self, command: NotifySales) -> None:
        with self.uow as uow:
            if self.thresholds.passed_by(command.total) and self.channel.serves(self.sales):
                self._tell(uow, command)
            uow.commit()

    def _tell(self, uow: SalesUnitOfWork, command: NotifySales) -> None:
        order_id = command.moment.order_id
        known, told = uow.large_orders.load(order_id)
        if told > command.moment.version:
            return
        order = known or LargeOrder(order_id, customer_id=command.customer_id)
        if not order.begin(now=self.clock.now()):
            return
        uow.large_orders.save(order)
        uow.checkpoint()
        refusal = self._try(order, command)
        uow.large_orders.save(order)
        if refusal is not None:
            uow.checkpoint()
            raise refusal

    def _try(self, order: LargeOrder, command: NotifySales) -> DeliveryFailed | None:
        text = sales_message(order.id, customer_id=command.customer_id, total=command.total)
        reference = reference_of(order.id)
        try:
            self.channel.send(text, kind=Kind.LARGE_ORDER, to=self.sales, reference=reference)
        except DeliveryFailed as error:
            order.refused(str(error))
            return error
        except DeliveryImpossible as error:
            order.failed(str(error))
        else:
            order.notify_sales()
        return None
