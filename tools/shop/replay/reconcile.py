"""Holds the shop against the file: orders, money to the penny, stock to the unit."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tools.shop.replay.plan import Plan
from tools.shop.replay.results import Run, Seen

COMPLETED, CANCELLED = "completed", "cancelled"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must agree; *problems* say where it does not."""

    name: str
    expected: int
    actual: int
    problems: tuple[str, ...] = ()
    in_pennies: bool = False

    @property
    def holds(self) -> bool:
        return self.expected == self.actual and not self.problems


def reconcile(plan: Plan, run: Run, seen: Seen) -> list[Check]:
    """Return every check; the replay balances when all hold."""
    return [
        _lines(plan),
        _file_sum(plan),
        _placed(plan, run),
        _ended(plan, run),
        _prices(plan, run),
        _money(plan, run, seen),
        *_stock(plan, run, seen),
    ]


def sold_units(plan: Plan, run: Run) -> Counter[str]:
    """Return by mnemonic the units of completed orders, as the file has them."""
    sold: Counter[str] = Counter()
    for index, order in run.orders.items():
        if order.outcome == COMPLETED:
            for line in plan.orders[index].lines:
                sold[line.mnemonic] += line.quantity
    return sold


def _lines(plan: Plan) -> Check:
    skipped = sum(len(invoice.lines) for invoice in plan.skipped)
    counted = len(plan.sales) + plan.cancellations + len(plan.refused) + skipped
    return Check("lines of the file accounted for", plan.lines, counted)


def _file_sum(plan: Plan) -> Check:
    """Merging and splitting lines must neither make nor lose money."""
    file = sum(line.quantity * line.price for line in plan.sales)
    planned = sum(order.total for order in plan.orders)
    return Check("value of the sales lines, as orders", file, planned, in_pennies=True)


def _placed(plan: Plan, run: Run) -> Check:
    problems = tuple(
        f"invoice {plan.orders[index].invoice}: {why}" for index, why in run.failures.items()
    )
    return Check("orders placed", len(plan.orders), len(run.orders), problems)


def _ended(plan: Plan, run: Run) -> Check:
    """Stock was enough and the card is good: only the file's own cancellations may differ."""
    wrong = []
    for index, order in run.orders.items():
        wanted = CANCELLED if index in plan.whole else COMPLETED
        if order.outcome != wanted:
            why = f" ({order.failure.reason})" if order.failure else ""
            invoice = plan.orders[index].invoice
            wrong.append(f"invoice {invoice}: {order.outcome}{why}, not {wanted}")
    right = len(run.orders) - len(wrong)
    return Check("orders ended as the file says", len(plan.orders), right, tuple(wrong))


def _prices(plan: Plan, run: Run) -> Check:
    problems = []
    for index, order in run.orders.items():
        planned = plan.orders[index]
        if order.total.amount != planned.total:
            problems.append(
                f"invoice {planned.invoice}: placed at {order.total.amount}, not {planned.total}"
            )
    placed = sum(plan.orders[index].total for index in run.orders)
    total = sum(order.total.amount for order in run.orders.values())
    return Check("value of the orders placed", placed, total, tuple(problems), in_pennies=True)


def _money(plan: Plan, run: Run, seen: Seen) -> Check:
    due_in_all = captured = 0
    problems = []
    for index, order in run.orders.items():
        planned = plan.orders[index]
        payment = seen.payments.get(index)
        due = planned.total if order.outcome == COMPLETED else 0
        net = payment.net_amount if payment else 0
        due_in_all, captured = due_in_all + due, captured + net
        if net != due:
            problems.append(f"invoice {planned.invoice} ({order.outcome}): {net}, not {due}")
    return Check("revenue captured", due_in_all, captured, tuple(problems), in_pennies=True)


def _stock(plan: Plan, run: Run, seen: Seen) -> Iterator[Check]:
    sold_in_all = sold_units(plan, run)
    unbalanced, undelivered, unsold, stuck = [], [], [], []
    totals: Counter[str] = Counter()
    for product in plan.products:
        name = product.mnemonic
        before, after = seen.before[name], seen.after[name]
        delivered, sold = after.received - before.received, after.sold - before.sold
        held = after.available + after.reserved + after.sold
        totals.update(delivered=delivered, sold=sold, received=after.received, held=held)
        totals["reserved"] += abs(after.reserved - before.reserved)
        if held != after.received:
            unbalanced.append(f"{name}: received {after.received}, accounted for {held}")
        if delivered != product.units:
            undelivered.append(f"{name}: {delivered}, not {product.units}")
        if sold != sold_in_all[name]:
            unsold.append(f"{name}: {sold}, not {sold_in_all[name]}")
        if after.reserved != before.reserved:
            stuck.append(f"{name}: {before.reserved} before, {after.reserved} after")
    needed = sum(product.units for product in plan.products)
    yield Check("units delivered", needed, totals["delivered"], tuple(undelivered))
    yield Check("units sold", sold_in_all.total(), totals["sold"], tuple(unsold))
    yield Check("units still reserved", 0, totals["reserved"], tuple(stuck))
    received, held = totals["received"], totals["held"]
    name = "received = available + reserved + sold"
    yield Check(name, received, held, tuple(unbalanced))
