"""What a payment gateway is asked and what it answers."""

from dataclasses import dataclass

from shared.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRequest:
    """Capture *amount* from *payment_method* (a gateway's token, never a card number).

    Requests with the same ``key`` are one request, however often they are sent.
    """

    key: str
    amount: Money
    payment_method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Money was captured; ``reference`` is the gateway's name for it."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """Nothing was captured: ``reason`` for programs, ``message`` for the customer."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Everything captured went back; ``reference`` is the gateway's name for that."""

    reference: str
