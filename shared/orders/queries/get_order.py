"""Get one order."""

from dataclasses import dataclass

from shared.kernel.refusals import ensure_not_none
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.errors import OrderNotFound
from shared.orders.ports import OrderReader


@dataclass(frozen=True, slots=True, kw_only=True)
class GetOrder:
    """One order, for its customer or for whoever manages orders."""

    order_id: str
    requested_by: str
    manages_orders: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GetOrderHandler:
    """Answers with the order as it is now."""

    orders: OrderReader

    def __call__(self, query: GetOrder) -> OrderDetails:
        """Return it; `OrderNotFound` for an order that is not there or not theirs."""
        order = ensure_not_none(self.orders.find(query.order_id), OrderNotFound(query.order_id))
        if not (query.manages_orders or order.customer_id == query.requested_by):
            raise OrderNotFound(query.order_id).hiding()
        return order
