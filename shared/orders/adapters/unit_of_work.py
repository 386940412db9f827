"""The orders' unit of work on DynamoDB."""

from typing import TYPE_CHECKING, Self

from shared.kernel.clock import Clock, FixedClock, SystemClock
from shared.kernel.ids import IdSource, new_id
from shared.orders.adapters.orders import DynamoOrders
from shared.platform.dynamodb.transaction import Transactor
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork

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

    def __enter__(self) -> Self:
        self.now = self._time.now()
        self.clock = FixedClock(self.now)
        return super().__enter__()
