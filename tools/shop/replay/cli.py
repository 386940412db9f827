"""Replays invoices of the UCI "Online Retail" format through the API and balances the books."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.entry.workers import Workers
from tools.shop.api_client.shop import Shop
from tools.shop.api_client.transport import Transport
from tools.shop.replay.audit import look
from tools.shop.replay.importing import Imported, Tick, import_customers, import_products
from tools.shop.replay.lines import classify
from tools.shop.replay.placing import Placing
from tools.shop.replay.plan import Plan, make_plan
from tools.shop.replay.reconcile import Check, reconcile
from tools.shop.replay.report import print_plan, print_report
from tools.shop.replay.results import Run
from tools.shop.replay.source import first_invoices, read_rows
from tools.shop.seed.assortment import ADMIN
from tools.shop.seed.stack import seeded_stack

CONCURRENCY = 6


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Replay a file; 0 if everything balances, 1 if not, 2 if it cannot be done."""
    console = Console()
    parsed = _parser().parse_args(arguments)
    rows = first_invoices(read_rows(parsed.file), parsed.limit)
    plan = make_plan(classify(rows))
    print_plan(console, plan)
    with seeded_stack(console) as stack:
        run, checks = replay(plan, stack.base_url, console, parsed.concurrency)
    print_report(console, plan, run, checks)
    return 0 if all(check.holds for check in checks) else 1


def replay(
    plan: Plan, base_url: str, console: Console, concurrency: int
) -> tuple[Run, list[Check]]:
    """Carry out *plan* on the shop at *base_url*, which has the sample administrator."""
    with (
        Transport(base_url) as transport,
        Workers(concurrency) as pool,
        _progress(console) as progress,
    ):
        anybody = Shop(transport)
        admin = anybody.signed_in(ADMIN.email, ADMIN.password)
        imported = Imported()
        products = _bar(progress, "Products and stock", len(plan.products))
        import_products(admin, plan, imported, pool, products)
        customers = _bar(progress, "Customers", len(plan.customers))
        import_customers(anybody, plan, imported, pool, customers)
        orders = _bar(progress, "Orders, each to its end", len(plan.steps))
        run = Placing(admin, imported, plan, orders).carry_out(pool)
        books = _bar(progress, "Payments and stock", len(run.orders) + len(plan.products))
        seen = look(admin, plan, run, imported, pool, books)
    return run, reconcile(plan, run, seen)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


def _bar(progress: Progress, title: str, total: int) -> Tick:
    task = progress.add_task(title, total=total)
    return lambda: progress.advance(task)


def _parser() -> Parser:
    parser = Parser(prog="python -m tools.shop.replay", description=__doc__)
    parser.add_argument("file", type=Path, help="a CSV file of the format")
    parser.add_argument("--limit", type=_count, help="only the first N invoices")
    parser.add_argument(
        "--concurrency",
        type=_count,
        default=CONCURRENCY,
        help=f"orders in flight at a time; {CONCURRENCY} by default",
    )
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
