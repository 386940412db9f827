"""Turns the sales of an invoice into orders that the API can take."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.shop.replay.lines import MAX_QUANTITY, Line

MAX_LINES = 50
"""Of one order; the API's limit."""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """*price* in pennies for one unit."""

    mnemonic: str
    quantity: int
    price: int


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """An order to place, *index*-th of the replay: an invoice, or *part* n of one."""

    index: int
    invoice: str
    part: int
    customer: str
    lines: tuple[PlannedLine, ...]

    @property
    def total(self) -> int:
        """What the file says it costs, in pennies."""
        return sum(line.quantity * line.price for line in self.lines)


@dataclass(frozen=True, slots=True)
class SkippedInvoice:
    """An invoice larger than an order may be: too many distinct lines, or units in one."""

    invoice: str
    lines: tuple[Line, ...]


def invoices(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Group *lines* by invoice, in the order in which invoices begin."""
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        grouped.setdefault(line.invoice, []).append(line)
    return grouped


def orders_of(sales: Sequence[Line], first_index: int) -> list[PlannedOrder] | SkippedInvoice:
    """Return the orders for the *sales* of one invoice.

    A product that is there twice at one price is one line. An order has one price per product,
    so a product's second price goes into a second order, and so on.
    """
    merged: dict[tuple[str, int], int] = {}
    for sale in sales:
        at = (sale.mnemonic, sale.price)
        merged[at] = merged.get(at, 0) + sale.quantity
    if len(merged) > MAX_LINES or max(merged.values()) > MAX_QUANTITY:
        return SkippedInvoice(sales[0].invoice, tuple(sales))
    parts: list[list[PlannedLine]] = []
    seen: dict[str, int] = {}
    for (mnemonic, price), quantity in merged.items():
        part = seen.get(mnemonic, 0)
        seen[mnemonic] = part + 1
        if part == len(parts):
            parts.append([])
        parts[part].append(PlannedLine(mnemonic, quantity, price))
    return [
        PlannedOrder(first_index + part, sales[0].invoice, part + 1, sales[0].customer, tuple(of))
        for part, of in enumerate(parts)
    ]
