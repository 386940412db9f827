"""The payments' published query interface: what other contexts may ask, answered at once.

    payment_methods().knows("pm_card_visa")  → True

The asking function's template names the gateway in ``PAYMENT_GATEWAY``, as payments' own does.
"""

import os
from dataclasses import dataclass
from typing import Protocol

from shared.payments.adapters.settings import GatewayName
from shared.payments.domain.methods import DECLINES, SUCCEEDS
from shared.platform.runtime.settings import load

__all__ = ["PaymentMethods", "payment_methods"]


class PaymentMethods(Protocol):
    """Answers about payment methods."""

    def knows(self, payment_method: str, /) -> bool:
        """Tell whether the gateway has such a method, be it one that it declines."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    payment_gateway: GatewayName


class _SandboxMethods:
    def knows(self, payment_method: str, /) -> bool:
        return payment_method in SUCCEEDS or payment_method in DECLINES


def payment_methods() -> PaymentMethods:
    """Return the methods of the gateway that this function's settings name."""
    match load(_Settings, os.environ).payment_gateway:
        case GatewayName.SANDBOX:
            return _SandboxMethods()
