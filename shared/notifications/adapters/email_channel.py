"""E-mail through Amazon SES."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
)

from shared.kernel.errors import ValidationFailed
from shared.kernel.money import Money
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.delivery import Promise
from shared.notifications.domain.large_order import Thresholds
from shared.notifications.domain.notification import Kind, Text
from shared.notifications.ports import DeliveryFailed, DeliveryImpossible, DeliveryUnclear
from shared.platform.flags.flags import FeatureFlags
from shared.platform.flags.names import Flag
from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.metrics import MetricUnit, metrics, timed

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

    from shared.notifications.adapters.mailbox_limits import MailboxLimits

_NEVER_REACHED = (ConnectTimeoutError, EndpointConnectionError, NoCredentialsError)
_BAD_ADDRESS = "InvalidParameterValue"
"""What SES says of an address that cannot exist; all else may be mended: quota, right …."""
_NOBODY_KNOWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettings:
    """The address that mails come from: SES must have verified it or its domain."""

    sender_email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesSettings(EmailSettings):
    """Where sales is written to, and of what."""

    sales_email: str
    large_orders: str

    def __post_init__(self) -> None:
        if not self.large_orders.strip():
            raise self._bad("at least one amount")
        _ = self.thresholds

    @property
    def thresholds(self) -> Thresholds:
        """What ``LARGE_ORDERS`` says: ``EUR 1000, JPY 160000``, whole units of each currency."""
        found: dict[str, Money] = {}
        for entry in self.large_orders.split(","):
            currency, _, units = entry.strip().partition(" ")
            try:
                threshold = Money.of(units, currency)
            except ValidationFailed as error:
                raise self._bad(f"amounts such as EUR 1000, not {entry.strip()!r}") from error
            if currency in found or threshold.amount < 0:
                raise self._bad(f"one amount for each currency, none negative: {entry.strip()!r}")
            found[currency] = threshold
        return Thresholds(by_currency=found)

    @staticmethod
    def _bad(wanted: str) -> ConfigurationError:
        return ConfigurationError.bad_setting("LARGE_ORDERS", wanted)


class EmailChannel:
    """Sends plain text mails to those for whom *flag* is on.

    Its *client* sends each request once: SES would take a repetition for another mail.
    """

    name = "email"

    def __init__(
        self,
        client: "SESClient",
        *,
        sender: str,
        flags: FeatureFlags,
        flag: Flag,
        limits: "MailboxLimits | None" = None,
    ) -> None:
        self._client = client
        self._sender = sender
        self._flags = flags
        self._flag = flag
        self._limits = limits

    def serves(self, to: Contact) -> bool:
        return self._flags.is_on(self._flag, user_id=to.id)

    def has_room(self, kind: Kind, to: Contact) -> bool:
        return self._limits is None or self._limits.has_room(kind, to.email)

    @timed("EmailDuration", "kind")
    def send(self, text: Text, *, kind: Kind, to: Contact, reference: str) -> None:
        again = kind.promise is Promise.MUST_ARRIVE
        subject = f"{text.subject} [{reference}]" if again else text.subject
        try:
            self._client.send_email(
                Source=f"Tradewind <{self._sender}>",
                Destination={"ToAddresses": [to.email.address]},
                Message={
                    "Subject": {"Data": subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": text.body, "Charset": "UTF-8"}},
                },
            )
        except (BotoCoreError, ClientError) as error:
            # The type alone: SES repeats the recipient's address in its messages.
            metrics.add_metric("EmailFailed", MetricUnit.Count, 1)  # of any kind: its alarm's
            get_logger(settings().service).warning(
                "e-mail not sent", kind=str(kind), recipient=to.id, error=_code(error)
            )
            raise self._meaning(error) from None

    def _meaning(self, error: BotoCoreError | ClientError) -> Exception:
        """Say what is known of a mail after *error*."""
        code = _code(error)
        if isinstance(error, ClientError):
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= _NOBODY_KNOWS:
                return DeliveryUnclear(code)
            if code == _BAD_ADDRESS and self._sender not in str(error):
                return DeliveryImpossible(code)
            return DeliveryFailed(code)
        if isinstance(error, _NEVER_REACHED):
            return DeliveryFailed(code)
        return DeliveryUnclear(code)


def _code(error: BotoCoreError | ClientError) -> str:
    if isinstance(error, ClientError):
        return str(error.response["Error"]["Code"])
    return type(error).__name__
