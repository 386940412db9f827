"""The small file of invoices, replayed through the deployed stack."""

from io import StringIO

from rich.console import Console

from tests.unit.tools.shop.replay.conftest import INVOICES
from tools.local.stack import LocalStack
from tools.shop.replay.cli import replay
from tools.shop.replay.lines import classify
from tools.shop.replay.plan import make_plan
from tools.shop.replay.report import print_report
from tools.shop.replay.source import read_rows
from tools.shop.seed import seed


def test_the_books_balance(stack: LocalStack) -> None:
    """Also in a shop that has the products, customers and orders of an earlier replay."""
    for price_changes in (4, 6):
        replay_once(stack, price_changes)


def replay_once(stack: LocalStack, price_changes: int) -> None:
    seed(stack)
    screen = Console(file=StringIO(), width=120)
    plan = make_plan(classify(read_rows(INVOICES)))
    run, checks = replay(plan, stack.base_url, screen, concurrency=2)
    print_report(screen, plan, run, checks)
    said = screen.file.getvalue()  # type: ignore[attr-defined]
    assert [check for check in checks if not check.holds] == [], said
    assert (
        sorted(order.status for order in run.orders.values()) == ["cancelled"] * 2 + ["paid"] * 5
    )
    assert run.price_changes == price_changes
    assert "Balanced to the penny." in said
