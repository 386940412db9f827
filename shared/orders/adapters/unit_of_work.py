"""The orders on DynamoDB: streams of events, each with a snapshot that is read and listed."""

from typing import TYPE_CHECKING, ClassVar, Self

from shared.kernel.clock import Clock, FixedClock, SystemClock
from shared.kernel.event_sourced import EventSourcedAggregate
from shared.kernel.ids import IdSource, new_id
from shared.orders.adapters.order import (
    COUNTER_SHARDS,
    OPEN,
    STREAM,
    counter_name,
    index_partition,
    index_sort,
    status_sort,
)
from shared.orders.domain.details import OrderDetails
from shared.orders.domain.errors import OrderNotFound
from shared.orders.domain.order import Order
from shared.orders.domain.status import OrderOutcome
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.event_sourced import EventSourcedRepository
from shared.platform.dynamodb.event_stream import EventStream
from shared.platform.dynamodb.transaction import Transactor
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoOrders(EventSourcedRepository[Order]):
    """Loads and saves orders."""

    aggregate_class: ClassVar[type[EventSourcedAggregate]] = Order
    stream: ClassVar[EventStream] = STREAM

    def save(self, aggregate: Order) -> OrderDetails:
        """Append the events, show the order as it is now, and return what is shown.

        A new order also counts in its customer's total.
        """
        details = OrderDetails.of(aggregate)
        self.append(aggregate, _snapshot(aggregate, details))
        if aggregate.committed_version == 0:
            self._uow.count(counter_name(aggregate.customer_id), 1, shards=COUNTER_SHARDS)
        return details

    def missing(self, aggregate_id: str) -> Exception:
        return OrderNotFound(aggregate_id)


class DynamoOrdersUnitOfWork(DynamoUnitOfWork):
    """Commits orders.

    Time stands still inside: an order is placed at exactly the time that its event carries.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        clock: Clock | None = None,
        ids: IdSource = new_id,
        transactor: Transactor | None = None,
    ) -> None:
        self._time = clock or SystemClock()
        super().__init__(client, table, clock=self._time, ids=ids, transactor=transactor)
        self.now = self._time.now()
        self.orders = DynamoOrders(self)

    def __enter__(self) -> Self:
        self.now = self._time.now()
        self.clock = FixedClock(self.now)
        return super().__enter__()


def _snapshot(order: Order, details: OrderDetails) -> Item:
    place = index_sort(details.placed_at, order.id)
    in_progress = order.status.outcome is OrderOutcome.IN_PROGRESS
    return {
        **details.to_data(),
        "GSI1PK": index_partition(order.customer_id),
        "GSI1SK": place,
        "GSI3PK": index_partition(order.customer_id),
        "GSI3SK": status_sort(details.status, details.placed_at, order.id),
        **({"GSI2PK": OPEN, "GSI2SK": place} if in_progress else {}),
    }
