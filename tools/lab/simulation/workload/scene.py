"""What everybody in a run knows of: products, customers, orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tools.lab.simulation.workload.client import Client
from tools.lab.simulation.workload.ports import Shop
from tools.lab.support.http_events import ADMIN, ANONYMOUS, Caller

CARDS = (
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_mastercard",
    "pm_card_timeoutAfterCharge",
    "pm_card_timeoutAfterCharge",
    "pm_card_chargeDeclined",
    "pm_card_insufficientFunds",
    "pm_card_processingError",
)
MERCHANDISER = Caller(
    user_id="0190a000-0000-7000-8000-00000000000b",
    role="merchandiser",
    other_roles=("warehouse",),
)
"""Lists the goods, and counts them."""


@dataclass
class Customer:
    """Somebody with an account."""

    client: Client
    id: str
    orders: list[str] = field(default_factory=list)
    cancelled: list[tuple[str, str]] = field(default_factory=list)
    """Orders cancelled, each with the key that did it."""


@dataclass
class Scene:
    """The common ground of a run's actors. Its *dice* are theirs alone."""

    shop: Shop
    dice: Random
    variety: Random = field(default_factory=lambda: Random("plain"))
    """What makes one run's shop unlike another's, by dice that leave all else as it is."""
    products: list[str] = field(default_factory=list)
    currencies: dict[str, str] = field(default_factory=dict)
    """By product; euros where nobody knows."""
    repeats: float = 0.0
    """How often a basket names a product twice."""
    customers: list[Customer] = field(default_factory=list)
    open: bool = False
    """Whether there is something to buy."""

    def price(self, product: str, amount: int) -> dict[str, Any]:
        """Return a price in the currency that the product was listed in."""
        return {"amount": amount, "currency": self.currencies.get(product, "EUR")}

    def client(self, caller: Caller | Mapping[str, Any] | None = None) -> Client:
        """Return a client for *caller*, or one that has not logged in."""
        return Client(self.shop, self.dice, caller or ANONYMOUS)

    @property
    def admin(self) -> Client:
        """The administrator's client."""
        return self.client(ADMIN)

    @property
    def merchandiser(self) -> Client:
        """A merchandiser's client."""
        return self.client(MERCHANDISER)

    def orders(self) -> list[tuple[Customer, str]]:
        """Return every order that somebody heard of, with its customer."""
        return [(customer, order) for customer in self.customers for order in customer.orders]
