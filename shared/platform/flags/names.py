"""The feature flags there are. A flag that is not here cannot be asked for, set or misspelt."""

from dataclasses import dataclass
from enum import StrEnum


class Flag(StrEnum):
    """Names of flags, as they are stored and shown."""

    CUSTOMER_MAILS = "customer_mails"
    SALES_ALERTS = "sales_alerts"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a flag switches, and how it stands when the store of flags cannot say."""

    about: str
    default: bool


MEANINGS: dict[Flag, Meaning] = {
    Flag.CUSTOMER_MAILS: Meaning(
        "Customers get an e-mail about their orders; without it, only the list in the shop.",
        default=True,
    ),
    Flag.SALES_ALERTS: Meaning("Sales gets an e-mail about every large order.", default=True),
}
"""Every flag has its meaning here."""
