"""run_migrations: stored data brought up to date, page by page, whoever stops it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient

from shared.operations.adapters.known_migrations import MIGRATIONS
from shared.platform.migrations.migration import Migration
from tests.functions.operations.conftest import Desk
from tools.build import known_migrations
from tools.check.project import ROOT
from tools.lab.support import environment
from tools.lab.support.functions import sample_event
from tools.lab.support.tables import Table
from tools.local.templates import load_template

pytestmark = pytest.mark.row("OPS-02")

PRODUCTS = 12
GROUPS = "0001_product_category_and_tags"
SHADE = Migration(
    id="0002_shade",
    about="Products have a shade.",
    change=lambda item: {"shade": "none", **item} if item["PK"].startswith("Product#") else None,
)


class Killed(BaseException):
    """The function is gone."""


@pytest.fixture(autouse=True)
def _tables(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The function knows the tables that its template names, in that order, and a step of each."""
    for context in MIGRATIONS:
        monkeypatch.setitem(MIGRATIONS, context, MIGRATIONS[context][:1])  # type: ignore[arg-type]
    named = ",".join(
        f"{name}={desk.tables[name].name}" for name in ("identity", "catalog", "orders")
    )
    monkeypatch.setenv("TABLE_NAMES", named)
    environment.forget_cached()


@pytest.fixture
def catalog(desk: Desk) -> Table:
    """Products as they were stored before there were groups."""
    for number in range(PRODUCTS):
        desk.tables["catalog"].put(
            {"PK": f"Product#{number:02d}", "SK": "STATE", "id": f"{number:02d}", "version": 1}
        )
    return desk.tables["catalog"]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalog has a second migration."""
    monkeypatch.setitem(MIGRATIONS, "catalog", (*MIGRATIONS["catalog"], SHADE))  # type: ignore[arg-type]


def products(table: Table) -> list[dict[str, Any]]:
    return [item for item in table.items() if item["PK"].startswith("Product#")]


@pytest.mark.row("OPS-04")
def test_it_brings_a_table_up_to_date_and_does_so_once(desk: Desk, catalog: Table) -> None:
    asked = sample_event("operations", "run_migrations")
    answer = desk.ask("run_migrations", **asked)
    assert (answer["done"], answer["position"]) == (True, None)
    (state,) = answer["migrations"]
    assert (state["id"], state["state"], state["changed"]) == (GROUPS, "done", PRODUCTS)
    assert (state["segments"], state["segments_done"]) == (4, 4)
    assert {item["category"] for item in products(catalog)} == {"uncategorised"}
    before = catalog.items()
    (again,) = desk.ask("run_migrations", **asked)["migrations"]
    assert (again["state"], again["changed"]) == ("done", PRODUCTS)
    assert catalog.items() == before


def test_users_come_into_their_list(desk: Desk) -> None:
    known = {"email": "Ada@Example.com", "name": "Ada", "created_at": "2026-01-02T03:04:05Z"}
    desk.tables["identity"].put({"PK": "User#7", "SK": "STATE", "role": "admin", **known})
    (state,) = desk.ask("run_migrations", context="identity")["migrations"]
    assert (state["state"], state["changed"]) == ("done", 1)
    found = desk.tables["identity"].get("User#7", "STATE")
    assert found is not None
    assert (found["GSI1PK"], found["roles"]) == ("USERS", ["admin"])


def test_orders_in_progress_come_into_their_index(desk: Desk) -> None:
    placed = {"id": "o-1", "placed_at": "2026-01-01T00:00:00.000Z", "outcome": "in_progress"}
    orders = desk.tables["orders"]
    orders.put({"PK": "Order#o-1", "SK": "STATE", "version": 1, **placed})
    orders.put({"PK": "Order#o-2", "SK": "STATE", "version": 1, **placed, "outcome": "failed"})
    answer = desk.ask("run_migrations", context="orders")
    assert (answer["done"], answer["migrations"][0]["changed"]) == (True, 1)
    assert [item.get("GSI2PK") for item in orders.states("Order#")] == ["OPEN", None]


def test_it_tells_how_the_migrations_stand(desk: Desk, catalog: Table) -> None:
    def state() -> Any:
        answer = desk.ask("run_migrations")
        assert answer["done"]
        assert list(answer["contexts"]) == ["catalog", "identity", "orders"]
        (found,) = answer["contexts"]["catalog"]
        return found["state"], found["changed"], found["segments_done"]

    assert state() == ("pending", 0, 0)
    desk.ask("run_migrations", context="catalog", remaining_ms=3_000)
    assert state() == ("running", 0, 0)
    desk.ask("run_migrations", context="catalog", segments=2)
    assert state() == ("done", PRODUCTS, 4)  # segments: as it was begun


def test_without_time_it_begins_no_page_and_says_so(desk: Desk, catalog: Table) -> None:
    before = products(catalog)
    answer = desk.ask("run_migrations", context="catalog", remaining_ms=3_000)
    assert not answer["done"]
    assert answer["migrations"][0]["state"] == "running"
    assert products(catalog) == before
    answer = desk.ask("run_migrations", context="catalog")
    assert answer["done"]
    assert answer["migrations"][0]["scanned"] >= PRODUCTS


def killing(monkeypatch: pytest.MonkeyPatch, at: int) -> Callable[[], None]:
    """Have the function die before its call number *at*; return what lets it live."""
    calls, call = 0, BaseClient._make_api_call

    def counted(client: Any, *rest: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls >= at:
            raise Killed
        return call(client, *rest)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    return lambda: monkeypatch.setattr(BaseClient, "_make_api_call", call)


@pytest.mark.parametrize("at", range(2, 20, 4))
def test_killed_at_any_call_the_next_invocation_ends_it(
    desk: Desk, catalog: Table, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    desk.ask("run_migrations")  # the import of the function is none of its calls
    revive = killing(monkeypatch, at)
    paced = {"context": "catalog", "segments": 1, "items_per_second": 1_000}
    with pytest.raises(Killed):
        desk.ask("run_migrations", **paced)
    revive()
    answer = desk.ask("run_migrations", **paced)
    assert answer["done"]
    assert [item["category"] for item in products(catalog)] == ["uncategorised"] * PRODUCTS
    assert all(item["version"] == 1 for item in products(catalog))


@pytest.mark.usefixtures("two")
def test_migrations_come_one_after_the_other(desk: Desk, catalog: Table) -> None:
    answer = desk.ask("run_migrations", context="catalog", remaining_ms=3_000)
    assert [each["state"] for each in answer["migrations"]] == ["running", "pending"]
    answer = desk.ask("run_migrations", context="catalog")
    assert [each["state"] for each in answer["migrations"]] == ["done", "done"]
    assert {item["shade"] for item in products(catalog)} == {"none"}


@pytest.mark.usefixtures("two")
def test_a_dry_run_writes_nothing_and_goes_on_from_its_position(
    desk: Desk, catalog: Table
) -> None:
    before = catalog.items()
    asked = {"context": "catalog", "dry_run": True, "segments": 2}
    first = desk.ask("run_migrations", **asked, remaining_ms=3_000)
    assert not first["done"]
    assert [each["segment"] for each in first["position"][GROUPS]] == [0, 1]
    half = first["position"]
    half[GROUPS][0] |= {"scanned": 5, "changed": 4, "done": True}
    rest = desk.ask("run_migrations", **asked, position=half)
    assert rest["done"]
    groups, shade = rest["migrations"]
    assert (groups["state"], shade["state"]) == ("rehearsed", "rehearsed")
    assert shade["changed"] == PRODUCTS
    assert 4 <= groups["changed"] < PRODUCTS + 4  # what was counted, and the other segment
    example = shade["examples"][0]
    assert (example["before"], example["after"]) == ({}, {"shade": "none"})
    assert catalog.items() == before


def test_what_is_unsound_is_refused(
    desk: Desk, catalog: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = Migration(id="0003_bad", about="Bad.", change=lambda item: {**item, "version": 9})
    monkeypatch.setitem(MIGRATIONS, "catalog", (bad,))  # type: ignore[arg-type]
    before = products(catalog)
    error = desk.ask("run_migrations", context="catalog")["error"]
    assert error["code"] == "MIGRATION_UNSOUND"
    assert "0003_bad changes version of Product#" in error["message"]
    assert products(catalog) == before


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"context": "weather"}, "NOT_FOUND"),
        ({"context": "inventory"}, "NOT_FOUND"),
        ({"context": 7}, "VALIDATION_FAILED"),
        ({"context": "catalog", "segments": 0}, "VALIDATION_FAILED"),
        ({"context": "catalog", "segments": 17}, "VALIDATION_FAILED"),
        ({"context": "catalog", "items_per_second": 0}, "VALIDATION_FAILED"),
        ({"context": "catalog", "dry_run": "yes"}, "VALIDATION_FAILED"),
        ({"context": "catalog", "surprise": 1}, "VALIDATION_FAILED"),
        ({"context": "catalog", "position": {}}, "VALIDATION_FAILED"),
        ({"context": "catalog", "dry_run": True, "position": 7}, "VALIDATION_FAILED"),
        ({"context": "catalog", "dry_run": True, "position": {"x": []}}, "VALIDATION_FAILED"),
        ({"context": "catalog", "dry_run": True, "position": {"x": [{}]}}, "VALIDATION_FAILED"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(
    desk: Desk, catalog: Table, asked: Any, code: str
) -> None:
    before = catalog.items()
    assert desk.ask("run_migrations", **asked)["error"]["code"] == code
    assert catalog.items() == before


def test_the_task_knows_every_contexts_migrations_and_has_their_tables() -> None:
    written = known_migrations.MODULE.read_text("utf-8")
    assert written == known_migrations.module(known_migrations.declaring()), (
        "run `python -m tools.build.known_migrations`"
    )
    template = load_template(ROOT / "functions/operations/template.yaml")
    function = template["Resources"]["RunMigrationsFunction"]["Properties"]
    tables = function["Environment"]["Variables"]["TABLE_NAMES"]["Fn::Sub"]
    assert {each.partition("=")[0] for each in tables.split(",")} == set(MIGRATIONS)


def test_a_context_that_was_forgotten_is_seen(tmp_path: Path) -> None:
    for context in (*MIGRATIONS, "weather"):
        path = tmp_path / context / "adapters" / "migrations.py"
        path.parent.mkdir(parents=True)
        path.touch()
    fresh = known_migrations.module(known_migrations.declaring(tmp_path))
    assert "from shared.weather.adapters.migrations import MIGRATIONS as WEATHER" in fresh
    assert fresh != known_migrations.MODULE.read_text("utf-8")
