"""What a product has cost since when, and who could see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.kernel.clock import to_iso
from shared.kernel.events import EventEnvelope


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePoint:
    """The price from a moment on: minor units of a currency; RFC 3339 in UTC."""

    amount: int
    currency: str
    since: str
    is_confidential: bool = False
    """Whether the product was then."""


def price_points(events: Iterable[EventEnvelope]) -> tuple[PricePoint, ...]:
    """Return every price in a product's *events*, oldest first.

    A point more is where the product became confidential, or stopped being so.
    """
    points: list[PricePoint] = []
    for event in events:
        since = to_iso(event.occurred_at)
        if event.type == "product.created":
            hidden = event.data["is_confidential"]
            points.append(PricePoint(**event.data["price"], since=since, is_confidential=hidden))
            continue
        changes = event.data.get("changes", {})
        if points and not changes.keys().isdisjoint({"price", "is_confidential"}):
            hidden = changes.get("is_confidential", points[-1].is_confidential)
            changed = changes.get("price", {})
            points.append(replace(points[-1], **changed, since=since, is_confidential=hidden))
    return tuple(points)


def public_prices(points: Sequence[PricePoint]) -> tuple[PricePoint, ...]:
    """Return the prices that everybody could see, from when each could be seen.

    What a product cost while it was confidential stays confidential when it is published, and so
    does that it was: the same price before and after is one.
    """
    shown: list[PricePoint] = []
    for point in points:
        if point.is_confidential:
            continue
        if not shown or _price(shown[-1]) != _price(point):
            shown.append(point)
    return tuple(shown)


def price_at(points: Sequence[PricePoint], moment: datetime) -> PricePoint | None:
    """Return what the product cost at *moment*; its first price if it is younger than that."""
    known = to_iso(moment)
    return next(
        (point for point in reversed(points) if point.since <= known), next(iter(points), None)
    )


def _price(point: PricePoint) -> tuple[int, str]:
    return point.amount, point.currency
