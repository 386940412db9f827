"""The orders' unit of work on DynamoDB."""

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from shared.kernel.aggregate import Aggregate
from shared.kernel.clock import Clock, FixedClock, SystemClock
from shared.kernel.commands import CommandResult
from shared.kernel.ids import IdSource, new_id
from shared.orders.adapters.orders import DynamoOrders
from shared.orders.domain.events import OrderCancelled, OrderCompleted, OrderFailed
from shared.orders.domain.order import Order
from shared.platform.dynamodb.transaction import Transactor
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.telemetry.metrics import meter

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


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

    def commit(self, result: CommandResult | None = None) -> None:
        """Commit as every unit of work; tell how old orders were when they came to their end."""
        ages = [self._age_at_end(order) for order, _ in self._saved.values()]
        super().commit(result)
        for age in ages:
            if age is not None:
                meter().observe("SagaAge", age.total_seconds() * 1000)

    def _age_at_end(self, order: Aggregate) -> timedelta | None:
        """Return the age of an order that ends with this commit: sold, failed or called off.

        One that is called off after it was paid had come to its end before.
        """
        if not isinstance(order, Order):
            return None
        for event in order.pending_events:
            match event:
                case OrderCompleted() | OrderFailed() | OrderCancelled(paid=False):
                    return self.now - order.placed_at
        return None

    def __enter__(self) -> Self:
        self.now = self._time.now()
        self.clock = FixedClock(self.now)
        return super().__enter__()
