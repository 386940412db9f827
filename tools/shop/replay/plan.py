"""Everything the replay will do, worked out before the first call."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tools.shop.replay.cancellations import Cancellations, Match
from tools.shop.replay.lines import Line, Refused
from tools.shop.replay.orders import PlannedOrder, SkippedInvoice, invoices, orders_of


@dataclass(frozen=True, slots=True)
class Place:
    """Place *order* once every order of *after* (indices) is placed.

    Those still need a price that this one changes.
    """

    order: PlannedOrder
    after: frozenset[int]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel the whole order of index *order* once it is final; *invoice* says so."""

    order: int
    invoice: str


@dataclass(frozen=True, slots=True)
class PlannedProduct:
    """*price* is that of its first order, in pennies; *units* is what all orders need."""

    mnemonic: str
    overview: str
    price: int
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The steps in file order, and what of the file they do not cover.

    *orders* each stand at their own index; *sales* are the lines that went into them, *whole*
    the indices of those that the file takes back to the last unit.
    """

    steps: Sequence[Place | Cancel]
    orders: Sequence[PlannedOrder]
    products: Sequence[PlannedProduct]
    period: tuple[datetime, datetime] | None
    lines: int
    refused: Sequence[Refused]
    skipped: Sequence[SkippedInvoice]
    sales: Sequence[Line]
    cancellations: int
    unmatched: Sequence[Line]
    matches: Sequence[Match]
    whole: frozenset[int]

    @property
    def partial(self) -> list[Match]:
        """What the file takes back of orders that otherwise stand."""
        return [match for match in self.matches if match.order not in self.whole]

    @property
    def customers(self) -> list[str]:
        return list(dict.fromkeys(order.customer for order in self.orders))


def make_plan(classified: Sequence[Line | Refused]) -> Plan:
    """Work out the replay of *classified* lines."""
    lines = [line for line in classified if isinstance(line, Line)]
    taken_back = Cancellations()
    skipped: list[SkippedInvoice] = []
    orders: list[PlannedOrder] = []
    sales: list[Line] = []
    steps: list[PlannedOrder | Cancel] = []
    for invoice, of_invoice in invoices(lines).items():
        if of_invoice[0].is_cancellation:
            steps += [Cancel(order, invoice) for order in taken_back.cancelled(of_invoice)]
            continue
        planned = orders_of(of_invoice, len(orders))
        if isinstance(planned, SkippedInvoice):
            skipped.append(planned)
        else:
            taken_back.ordered(planned)
            orders += planned
            sales += of_invoice
            steps += planned
    after = price_order(orders)
    return Plan(
        steps=[s if isinstance(s, Cancel) else Place(s, after[s.index]) for s in steps],
        orders=orders,
        products=list(_products(orders, lines)),
        period=(min(dates), max(dates)) if (dates := [line.at for line in lines]) else None,
        lines=len(classified),
        refused=[line for line in classified if isinstance(line, Refused)],
        skipped=skipped,
        sales=sales,
        cancellations=sum(line.is_cancellation for line in lines),
        unmatched=taken_back.unmatched,
        matches=taken_back.matches,
        whole=frozenset(taken_back.whole),
    )


def price_order(orders: Sequence[PlannedOrder]) -> list[frozenset[int]]:
    """Return for each order which earlier ones must be placed before it.

    Of each product, consecutive orders at one price may be placed at the same time; the next
    price may not be set before the last of them is placed.
    """
    running: dict[str, tuple[int, list[int]]] = {}
    before: dict[str, list[int]] = {}
    after = []
    for order in orders:
        waits: set[int] = set()
        for line in order.lines:
            price, sharing = running.get(line.mnemonic, (line.price, []))
            if price != line.price:
                before[line.mnemonic], sharing = sharing, []
            running[line.mnemonic] = (line.price, [*sharing, order.index])
            waits.update(before.get(line.mnemonic, []))
        after.append(frozenset(waits))
    return after


def _products(orders: Iterable[PlannedOrder], lines: Iterable[Line]) -> Iterator[PlannedProduct]:
    overviews: dict[str, str] = {}
    for line in lines:
        overviews[line.mnemonic] = overviews.get(line.mnemonic) or line.description
    prices: dict[str, int] = {}
    units: dict[str, int] = {}
    for of in (line for order in orders for line in order.lines):
        prices.setdefault(of.mnemonic, of.price)
        units[of.mnemonic] = units.get(of.mnemonic, 0) + of.quantity
    for mnemonic, price in prices.items():
        overview = (overviews[mnemonic] or mnemonic)[:1000]
        yield PlannedProduct(mnemonic, overview, price, units[mnemonic])
