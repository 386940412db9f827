"""No unit appears, gets lost or is promised twice."""

from collections import Counter
from collections.abc import Mapping

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Commit, Fact, Item
from tools.lab.simulation.checks.violation import require

NOT_NEGATIVE = "stock: no part of a balance is negative"
CONSERVED = "stock: available + reserved + sold = received"
ACCOUNTED = "stock: what is held and sold is what reservations say"
RECEIVED = "stock: what came in is what adjustments say"
ALL_OR_NONE = "stock: an order holds what it asked for, or nothing"

_PART_OF = {"reserved": "reserved", "committed": "sold"}
PARTS = ("available", "reserved", "sold", "received")


class Stock:
    """Follows balances, and what reservations and adjustments make of them."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._held: Counter[tuple[str, str]] = Counter()
        self._received: Counter[str] = Counter()

    def after_step(self, commit: Commit) -> None:
        """Hold every balance that was touched to everything that was ever decided."""
        touched = set()
        for fact in commit.of("inventory", "Reservation"):
            touched |= self._reservation(fact)
        for fact in commit.events:
            if fact.new is not None and fact.new["type"] == "inventory.adjusted":
                self._received[fact.id] += fact.new["data"]["quantity"]
                touched.add(fact.id)
        touched |= {fact.id for fact in commit.of("inventory", "Stock")}
        for product_id in touched:
            self._balance(product_id, self._books.state("inventory", "Stock", product_id))

    def _reservation(self, fact: Fact) -> set[str]:
        """Move what the reservation holds from where it was to where it is now."""
        self._move(fact.old, -1)
        self._move(fact.new, 1)
        assert fact.new is not None
        if fact.new["status"] == "reserved":
            order = self._books.state("orders", "Order", fact.id)
            require(order is not None, ALL_OR_NONE, f"{fact.pk} is held for no order")
            assert order is not None
            asked = {line["product_id"]: line["quantity"] for line in order["lines"]}
            held = _lines(fact.new)
            require(held == asked, ALL_OR_NONE, f"{fact.pk} holds {held} of {asked}")
        return {*_lines(fact.old), *_lines(fact.new)}

    def _move(self, reservation: Item | None, sign: int) -> None:
        part = _PART_OF.get(reservation["status"]) if reservation else None
        if part is not None:
            for product_id, units in _lines(reservation).items():
                self._held[product_id, part] += sign * units

    def _balance(self, product_id: str, stock: Item | None) -> None:
        parts = {part: (stock or {}).get(part, 0) for part in PARTS}
        name = f"product {product_id} has {parts}"
        require(min(parts.values()) >= 0, NOT_NEGATIVE, name)
        total = parts["available"] + parts["reserved"] + parts["sold"]
        require(total == parts["received"], CONSERVED, name)
        for part in ("reserved", "sold"):
            held = self._held[product_id, part]
            require(parts[part] == held, ACCOUNTED, f"{name}; reservations: {held} {part}")
        received = self._received[product_id]
        require(parts["received"] == received, RECEIVED, f"{name}; adjusted by {received}")


def _lines(reservation: Item | None) -> Mapping[str, int]:
    lines = reservation["lines"] if reservation else ()
    return {line["product_id"]: line["quantity"] for line in lines}
