"""Which gateway, and what it needs to know."""

from dataclasses import dataclass
from enum import StrEnum


class GatewayName(StrEnum):
    """The gateways there are."""

    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSettings:
    """The settings of the functions that move money."""

    payment_gateway: GatewayName = GatewayName.SANDBOX
    sandbox_table_name: str
