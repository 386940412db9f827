"""What a replay collects: what became of the orders, and what the shop holds afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.shop.api_client.models import Order, Payment, Stock


@dataclass(slots=True)
class Run:
    """By index of the planned order: the order as last seen, or why there is none."""

    orders: dict[int, Order] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)
    price_changes: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the shop holds in the end.

    Payments by order index (none where nothing was tried); stock by mnemonic, before the replay
    and after it.
    """

    payments: Mapping[int, Payment]
    before: Mapping[str, Stock]
    after: Mapping[str, Stock]
