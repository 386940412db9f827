"""The gateway that moves no money: test payment methods with fixed outcomes, and a real ledger.

The ledger is a table of its own that nothing else reads: as far as this system is concerned it
stands at the gateway, on the other side of a network. One item per key holds everything that ever
happened under it, and only its first writer decides: that is what makes a key idempotent.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.kernel.ids import new_id
from shared.kernel.result import Failure, Result, Success
from shared.payments.domain.gateway import Charge, ChargeRequest, Declined, Refund
from shared.payments.domain.methods import SUCCEEDS, TIMES_OUT_AFTER_CHARGE
from shared.payments.ports import GatewayUnavailable
from shared.platform.dynamodb.codec import Item, from_item, to_item
from shared.platform.telemetry.logging import log_execution_time

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CAPTURED, DECLINED = "captured", "declined"

_DECLINES: Mapping[str, Declined] = {
    "pm_card_chargeDeclined": Declined(
        reason="card_declined", message="The card was declined by the bank that issued it."
    ),
    "pm_card_insufficientFunds": Declined(
        reason="insufficient_funds", message="There is not enough money on the card."
    ),
    "pm_card_processingError": Declined(
        reason="processing_error", message="The card could not be processed."
    ),
}
"""Payment methods that are declined, and why."""

_UNKNOWN = Declined(
    reason="invalid_payment_method", message="This payment method is not known or not usable."
)
_CANCELLED = Declined(
    reason="charge_cancelled", message="The order was cancelled before it was charged."
)


def _outcome(answer: Result[Charge, Declined]) -> str:
    return "declined" if isinstance(answer, Failure) else "success"


class SandboxGateway:
    """A `PaymentGateway` over a ledger table with the string keys ``PK`` and ``SK``.

    Each call is logged when it is sent and when it is answered, with how long that took: of a
    payment that nobody knows the end of, the log says whether it was on its way.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    @log_execution_time(outcome_of=_outcome)
    def charge(self, request: ChargeRequest) -> Result[Charge, Declined]:
        terms = {
            "amount": request.amount.amount,
            "currency": request.amount.currency,
            "payment_method": request.payment_method,
        }
        declined = None
        if request.payment_method not in SUCCEEDS:
            declined = _DECLINES.get(request.payment_method, _UNKNOWN)
        captured = 0 if declined else request.amount.amount
        entry, first = self._enter(request.key, terms, captured=captured, declined=declined)
        if first and request.payment_method == TIMES_OUT_AFTER_CHARGE:
            raise GatewayUnavailable("the gateway did not answer in time")
        if entry["status"] == DECLINED:
            return Failure(Declined(reason=entry["reason"], message=entry["message"]))
        if entry["terms"] != terms:
            raise ValueError(f"key {request.key} was used for another charge")
        return Success(Charge(reference=entry["reference"]))

    @log_execution_time()
    def refund(self, key: str) -> Refund:
        with _available():
            try:
                answer = self._client.update_item(
                    TableName=self._table,
                    Key=to_item(_key(key)),
                    UpdateExpression=(
                        "SET refunded = captured,"
                        " refund_reference = if_not_exists(refund_reference, :reference)"
                    ),
                    ConditionExpression="#status = :captured",
                    ExpressionAttributeNames={"#status": "status"},
                    ExpressionAttributeValues=to_item(
                        {":reference": f"sandbox_re_{new_id()}", ":captured": CAPTURED}
                    ),
                    ReturnValues="ALL_NEW",
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                raise LookupError(f"nothing was captured under {key}") from None
        return Refund(reference=from_item(answer["Attributes"])["refund_reference"])

    @log_execution_time()
    def cancel(self, key: str) -> None:
        entry, first = self._enter(key, {}, captured=0, declined=_CANCELLED)
        if not first and entry["status"] == CAPTURED:
            self.refund(key)

    def _enter(
        self, key: str, terms: Mapping[str, Any], *, captured: int, declined: Declined | None
    ) -> tuple[Item, bool]:
        """Enter the outcome under *key* unless one stands; return what stands and if it is new."""
        entry: Item = {
            **_key(key),
            "reference": f"sandbox_ch_{new_id()}",
            "terms": dict(terms),
            "captured": captured,
            "refunded": 0,
            "status": DECLINED if declined else CAPTURED,
            "reason": declined.reason if declined else None,
            "message": declined.message if declined else None,
        }
        with _available():
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item=to_item(entry),
                    ConditionExpression="attribute_not_exists(PK)",
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                standing = self._client.get_item(
                    TableName=self._table, Key=to_item(_key(key)), ConsistentRead=True
                )
                return from_item(standing["Item"]), False
        return entry, True


def _key(key: str) -> dict[str, str]:
    return {"PK": f"CHARGE#{key}", "SK": "CHARGE"}


@contextmanager
def _available() -> Iterator[None]:
    """Turn the failures of the way to the gateway into `GatewayUnavailable`."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise GatewayUnavailable(f"sandbox gateway: {error}") from error
