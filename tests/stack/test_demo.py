"""The sample shop and the demo, on the deployed stack."""

import dataclasses
import json
import subprocess
from io import StringIO

import pytest
from rich.console import Console

from tools.local.stack import LocalStack
from tools.shop.api_client.shop import Shop
from tools.shop.api_client.transport import Transport
from tools.shop.demo.cli import show
from tools.shop.demo.stories import STORIES
from tools.shop.seed import Seeded, seed
from tools.shop.seed.assortment import ADMIN, PRODUCTS


@pytest.fixture(scope="module")
def seeded(stack: LocalStack) -> Seeded:
    return seed(stack)


def _sample_stock(stack: LocalStack) -> dict[str, tuple[str, int]]:
    mnemonics = {product.mnemonic for product in PRODUCTS}
    with Transport(stack.base_url) as transport:
        admin = Shop(transport).signed_in(ADMIN.email, ADMIN.password)
        sample = [product for product in admin.products() if product.mnemonic in mnemonics]
        assert len(sample) == len(PRODUCTS)
        return {p.mnemonic: (p.id, admin.stock(p.id).received) for p in sample}


@pytest.mark.row("OPS-03")
def test_seeding_again_changes_nothing(stack: LocalStack, seeded: Seeded) -> None:
    before = _sample_stock(stack)
    assert {mnemonic: received for mnemonic, (_, received) in before.items()} == {
        product.mnemonic: product.stock for product in PRODUCTS
    }
    assert seed(stack) == seeded
    assert _sample_stock(stack) == before


@pytest.mark.row("OPS-03")
def test_the_printed_lines_work_when_pasted(seeded: Seeded) -> None:
    shell = ["bash", "-euo", "pipefail", "-c", "\n".join((*seeded.examples, "echo"))]
    done = subprocess.run(shell, capture_output=True, text=True, check=True)
    decode = json.JSONDecoder().raw_decode
    answers, rest = [], done.stdout
    while rest := rest.strip():
        answer, end = decode(rest)
        answers.append(answer["data"])
        rest = rest[end:]
    products, order, orders = answers
    assert len(products["items"]) == 3
    assert order["id"] == orders["items"][0]["id"]


@pytest.mark.usefixtures("seeded")
def test_the_three_orders_agree(stack: LocalStack) -> None:
    screen = Console(file=StringIO(), width=150)
    assert show(stack, screen)
    said = screen.file.getvalue()  # type: ignore[attr-defined]
    for text in ("order.completed", "order.failed", "payment_failed", "rejected"):
        assert text in said


@pytest.mark.usefixtures("seeded")
def test_a_disagreement_fails_the_demo(stack: LocalStack) -> None:
    """Planted: the customer is notified of success where it was a failure."""
    paid = dataclasses.replace(STORIES[0], notification="order_failed")
    screen = Console(file=StringIO(), width=150)
    assert not show(stack, screen, stories=[paid], patience=3)
    said = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "✗ notification: order_completed, not order_failed" in said
