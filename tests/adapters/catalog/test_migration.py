"""The catalog's migration, killed half-way, while customers go on reading.

Over 50 400 items in ``make check-full``, over a seventh of them in ``make test``.
"""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.catalog.adapters.migrations import MIGRATIONS
from shared.catalog.adapters.product_reader import DynamoProductReader
from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
from shared.catalog.ports import Audience
from shared.platform.dynamodb.codec import Item, to_item
from tests.support.sizes import size
from tools.check.project import ROOT
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("OPS-02")

PRODUCTS, EVENTS = size(400, full=2_800), 14  # eighteen items a product
GROUPS, PRICES = MIGRATIONS
RECORD = f"MIGRATION#{GROUPS.id}"


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    return "dynamodb_local"


def product_id(number: int) -> str:
    return f"0190a000-0000-7000-8000-{number:012x}"


def as_stored_before(number: int) -> list[Item]:
    """A product as it was stored before there were groups: state, lists, claim and events."""
    known: Item = {
        "id": product_id(number),
        "mnemonic": f"THING_{number}",
        "overview": "A thing.",
        "is_confidential": False,
        "price": {"amount": 100, "currency": "GBP"},
        "created_at": "2026-01-01T00:00:00.000Z",
        "updated_at": "2026-01-01T00:00:00.000Z",
        "version": EVENTS,
    }
    pk = f"Product#{product_id(number)}"
    lists = [
        {"PK": f"PRODUCTS#{each}", "SK": f"{known['created_at']}#{known['id']}"}
        | {"GSI1PK": f"PRODUCTS#{each}", "GSI1SK": known["mnemonic"]}
        for each in Audience
    ]
    events = [
        {"PK": pk, "SK": f"EVENT#{version:010d}", "type": "product.updated", "data": {}}
        for version in range(1, EVENTS + 1)
    ]
    claim = {"PK": f"UNIQUE#mnemonic#THING_{number}", "SK": "CLAIM", "owner": known["id"]}
    return [{"PK": pk, "SK": "STATE", **known}, *(each | known for each in lists), *events, claim]


@pytest.fixture
def catalog(table: Table) -> Table:
    """A table with the products of a year ago."""
    items = [to_item(item) for number in range(PRODUCTS) for item in as_stored_before(number)]
    batches = [items[at : at + 25] for at in range(0, len(items), 25)]

    def write(batch: list[Any]) -> None:
        requests: Any = [{"PutRequest": {"Item": item}} for item in batch]
        answer = table.client.batch_write_item(RequestItems={table.name: requests})
        assert not answer["UnprocessedItems"]

    with ThreadPoolExecutor(4) as pool:
        assert len(list(pool.map(write, batches))) * 25 >= PRODUCTS * 18
    return table


def migrate(table: Table, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tools.operate.migrate",
            "catalog",
            "--table",
            table.name,
            *options,
        ],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def changed_so_far(table: Table) -> int:
    progress = [table.get(RECORD, f"SEGMENT#{segment:03d}") for segment in range(4)]
    return sum(each["changed"] for each in progress if each)


def check_shown(table: Table, number: int) -> None:
    """Whether migrated or not, a product is shown with groups."""
    shown = DynamoProductReader(table.client, table.name).find(product_id(number))
    assert shown is not None
    assert (shown.category, list(shown.tags)) == ("uncategorised", [])


def test_killed_half_way_it_goes_on_and_ends_with_every_item_changed_once(catalog: Table) -> None:
    process = migrate(catalog)
    deadline = time.monotonic() + 300
    while changed_so_far(catalog) < PRODUCTS * 3 // 2:
        assert time.monotonic() < deadline, "the migration does not come along"
        check_shown(catalog, 7)
        with pytest.raises(subprocess.TimeoutExpired):  # it is still at work
            process.wait(timeout=0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    record = catalog.get(RECORD, "STATE")
    assert record is not None
    assert record["status"] == "running"
    assert changed_so_far(catalog) < PRODUCTS * 3

    # Somebody changes a product meanwhile: in its new shape, and that stays.
    with DynamoCatalogUnitOfWork(catalog.client, catalog.name) as uow:
        product = uow.products.get(product_id(0))
        product.change(category="garden", at=product.updated_at)
        uow.products.save(product)
        uow.commit()

    again = migrate(catalog, "--segments", "9")
    said, _ = again.communicate(timeout=300)
    assert again.returncode == 0, said
    products = 0
    for item in catalog.items():
        shown = item["PK"].startswith("PRODUCTS#") or item["SK"] == "STATE"
        if item["PK"].startswith("MIGRATION#") or not shown:
            assert "category" not in item
            continue
        products += 1
        special = item["id"] == product_id(0)
        assert item["category"] == ("garden" if special else "uncategorised")
        assert (item["tags"], item["version"]) == ([], EVENTS + special)
        if item["SK"] != "STATE":
            assert item["GSI3PK"] == item["PK"]
            assert item["GSI3SK"] == f"GBP#0000000000000100#{item['mnemonic']}"
    assert products == PRODUCTS * 3
    record = catalog.get(RECORD, "STATE")
    assert record is not None
    assert (record["status"], record["segments"]) == ("done", 4)
    record = catalog.get(f"MIGRATION#{PRICES.id}", "STATE")
    assert record is not None
    assert (record["status"], record["segments"]) == ("done", 9)

    once_more = migrate(catalog)
    said, _ = once_more.communicate(timeout=60)
    assert "done before" in said


def test_a_rehearsal_shows_what_would_happen_and_writes_nothing(table: Table) -> None:
    for item in as_stored_before(1):
        table.put(item)
    before = table.items()
    rehearsal = migrate(table, "--dry-run")
    said, _ = rehearsal.communicate(timeout=60)
    assert rehearsal.returncode == 0, said
    assert 'category: (none) → "uncategorised"' in said
    assert "rehearsed" in said
    assert table.items() == before


def test_a_table_that_is_not_there_says_so(table: Table) -> None:
    process = migrate(Table("nowhere", table.client))
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "nowhere" in said
    assert "Traceback" not in said
