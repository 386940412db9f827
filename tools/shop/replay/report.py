"""Prints what a replay did and whether it balances."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shared.kernel.money import Money
from tools.shop.replay.importing import CURRENCY
from tools.shop.replay.orders import MAX_LINES
from tools.shop.replay.plan import Plan
from tools.shop.replay.reconcile import Check
from tools.shop.replay.results import Run

SHOWN_PROBLEMS = 10


def pounds(pennies: int) -> str:
    """Return ``12.34 GBP``."""
    return Money(pennies, CURRENCY).format()


def print_plan(console: Console, plan: Plan) -> None:
    """Say what the file holds and what will be done with it."""
    period = f", {plan.period[0]:%Y-%m-%d} to {plan.period[1]:%Y-%m-%d}" if plan.period else ""
    console.print(
        f"{plan.lines} lines{period}: [bold]{len(plan.orders)} orders[/] of "
        f"{len(plan.customers)} customers for {len(plan.products)} products, "
        f"{len(plan.whole)} of them cancelled later"
    )


def print_report(console: Console, plan: Plan, run: Run, checks: Sequence[Check]) -> None:
    """Print the orders by state, what was left out, and the reconciliation."""
    console.print(_orders(run), _lines(plan), _reconciliation(checks))
    for check in checks:
        for problem in check.problems[:SHOWN_PROBLEMS]:
            console.print(f"[red]✗[/] {check.name}: {escape(problem)}")
        if len(check.problems) > SHOWN_PROBLEMS:
            console.print(f"  … and {len(check.problems) - SHOWN_PROBLEMS} more")
    if all(check.holds for check in checks):
        console.print("[bold green]Balanced to the penny.[/]")
    else:
        console.print("[bold red]It does not balance.[/]")


def _orders(run: Run) -> Table:
    table = Table("State", title="Orders by final state", title_justify="left")
    table.add_column("Orders", justify="right")
    table.add_column("Value", justify="right")
    values: Counter[str] = Counter()
    for order in run.orders.values():
        values[order.status] += order.total.amount
    counts = Counter(order.status for order in run.orders.values())
    for status, count in counts.most_common():
        table.add_row(status, str(count), pounds(values[status]))
    if run.failures:
        table.add_row("refused by the API", str(len(run.failures)), "")
    table.caption = f"{_count(run.price_changes, 'price change')} on the way"
    return table


def _lines(plan: Plan) -> Table:
    table = Table("What became of it", title="Lines of the file", title_justify="left")
    table.add_column("Lines", justify="right")
    table.add_row("placed in orders", str(len(plan.sales)), style="green")
    for reason, count in Counter(line.reason for line in plan.refused).most_common():
        table.add_row(f"refused: {reason}", str(count))
    skipped = sum(len(invoice.lines) for invoice in plan.skipped)
    too_large = f"skipped: {_count(len(plan.skipped), 'invoice')} of more than {MAX_LINES} lines"
    table.add_row(too_large, str(skipped))
    matched = {match.line for match in plan.matches}
    partial = {match.line for match in plan.partial}
    returned = pounds(sum(match.amount for match in plan.partial))
    table.add_row("cancelled, with the rest of the order", str(len(matched - partial)))
    table.add_row(f"cancelled in part, {returned}: not refunded yet", str(len(partial)))
    table.add_row("cancelled, of no order in this replay", str(len(plan.unmatched)))
    return table


def _reconciliation(checks: Sequence[Check]) -> Table:
    table = Table("", "Reconciliation", title_justify="left")
    table.add_column("Expected", justify="right")
    table.add_column("Found", justify="right")
    for check in checks:
        show = pounds if check.in_pennies else str
        mark = "[green]✓[/]" if check.holds else "[red]✗[/]"
        table.add_row(mark, check.name, show(check.expected), show(check.actual))
    return table


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
