"""One ``TransactWriteItems``: sent, retried where that is right, and its refusals explained."""

import random
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.kernel.ids import new_id
from shared.platform.dynamodb.markers import (
    EventAlreadyHandled,
    RequestAlreadyAnswered,
    RequestInFlight,
)
from shared.platform.dynamodb.writes import Write
from shared.platform.runtime.deadline import remaining_seconds
from shared.platform.runtime.errors import DatabaseBusy, DatabaseError, NetworkError
from shared.platform.telemetry.metrics import MetricUnit, metrics

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_ITEMS = 100
"""DynamoDB's limit on the actions of one transaction."""

MAX_ATTEMPTS = 12
_BASE_DELAY = 0.01
_MAX_DELAY = 0.5
_MARKERS = (RequestAlreadyAnswered, EventAlreadyHandled)
_TRANSIENT = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "InternalServerError",
        "ServiceUnavailable",
    }
)


class Transactor:
    """Sends transactions to one table."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._client = client
        self._table = table
        self._sleep = sleep
        self._jitter = jitter

    def send(self, writes: Sequence[Write]) -> None:
        """Commit *writes*, all or none.

        Raises what the write refused says (markers first: a request that was answered before is
        not stale), `DatabaseBusy` when contention or throttling outlasts the attempts or the
        invocation's deadline (`RequestInFlight` when the contended item is the request's own
        idempotency record), `DatabaseError` or `NetworkError` otherwise.
        """
        if len(writes) > MAX_ITEMS:
            msg = f"{len(writes)} writes in one transaction; DynamoDB allows {MAX_ITEMS}"
            raise DatabaseError(msg)
        actions = [write.for_table(self._table) for write in writes]
        token = new_id()  # the same for every attempt: a lost answer cannot become a second effect
        busy: list[Write] = []
        for attempt in range(MAX_ATTEMPTS):
            try:
                self._client.transact_write_items(
                    TransactItems=actions,  # type: ignore[arg-type]
                    ClientRequestToken=token,
                    ReturnConsumedCapacity="TOTAL",
                )
            except ClientError as error:
                busy = self._explain(error, writes)
            except BotoCoreError as error:
                raise NetworkError(f"DynamoDB: {error}") from error
            else:
                return
            metrics.add_metric("TransactionRetry", MetricUnit.Count, 1)
            if not self._pause(attempt):
                break
        if any(isinstance(write.refused(), RequestAlreadyAnswered) for write in busy):
            raise RequestInFlight
        raise DatabaseBusy(f"a transaction on {self._table} did not get through")

    def _explain(self, error: ClientError, writes: Sequence[Write]) -> list[Write]:
        """Raise what *error* means; return the contended writes where another try is right."""
        code = error.response["Error"]["Code"]
        if code == "TransactionCanceledException":
            reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
            codes = [reason.get("Code", "None") for reason in reasons]
            failed = [
                write.refused()
                for write, reason in zip(writes, codes, strict=False)
                if reason == "ConditionalCheckFailed"
            ]
            if failed:
                raise next((e for e in failed if isinstance(e, _MARKERS)), failed[0]) from error
            if codes and all(reason == "None" or reason in _TRANSIENT for reason in codes):
                pairs = zip(writes, codes, strict=False)
                return [write for write, reason in pairs if reason == "TransactionConflict"]
        elif code in _TRANSIENT:
            return []
        raise DatabaseError(f"DynamoDB refused a transaction: {error}") from error

    def _pause(self, attempt: int) -> bool:
        """Wait before the next attempt (full jitter); `False` when the deadline is too near."""
        delay = self._jitter() * min(_MAX_DELAY, _BASE_DELAY * 2**attempt)
        if delay >= remaining_seconds():
            return False
        self._sleep(delay)
        return True
