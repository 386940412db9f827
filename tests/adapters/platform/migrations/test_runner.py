"""Migrations run in order, once, in parallel segments; killed anywhere they go on from there."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, Lock
from typing import Any

import pytest

from shared.kernel.clock import FixedClock
from shared.platform.dynamodb.codec import Item
from shared.platform.migrations.ledger import PREFIX, Progress
from shared.platform.migrations.migration import Migration, UnsoundMigration
from shared.platform.migrations.rehearsal import Rehearsal
from shared.platform.migrations.runner import Runner
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("OPS-02")

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
ITEMS = 30


class Killed(BaseException):
    """The process is gone."""


def coloured(item: Item) -> Item | None:
    """Give things a colour."""
    if not item["PK"].startswith("Thing#") or "colour" in item:
        return None
    return {**item, "colour": "none"}


def renamed(item: Item) -> Item | None:
    """Call ``colour`` ``shade``: needs the step before."""
    if "colour" not in item:
        return None
    rest = {name: value for name, value in item.items() if name != "colour"}
    return {**rest, "shade": item["colour"]}


COLOUR = Migration(id="0001_colour", about="Things have a colour.", change=coloured)
SHADE = Migration(id="0002_shade", about="Colours are called shades.", change=renamed)


@pytest.fixture
def things(table: Table) -> Table:
    for number in range(ITEMS):
        table.put({"PK": f"Thing#{number:02d}", "SK": "STATE", "version": 1, "number": number})
    table.put({"PK": "UNIQUE#name#a", "SK": "CLAIM", "owner": "1"})
    return table


def runner(table: Table, **options: Any) -> Runner:
    options = {"page": 4, "segments": 3, **options}
    return Runner(client=table.client, table=table.name, clock=FixedClock(NOW), **options)


def data(table: Table) -> list[Item]:
    return [item for item in table.items() if not item["PK"].startswith(PREFIX)]


def test_migrations_run_in_order_and_are_recorded(things: Table) -> None:
    before = data(things)
    summaries = runner(things).run([SHADE, COLOUR])
    assert [(s.migration.id, s.changed) for s in summaries] == [
        ("0001_colour", ITEMS),
        ("0002_shade", ITEMS),
    ]
    assert [each for each in data(things) if each["PK"].startswith("Thing#")] == [
        {**each, "shade": "none"} for each in before if each["PK"].startswith("Thing#")
    ]
    assert things.get("UNIQUE#name#a", "CLAIM") == {
        "PK": "UNIQUE#name#a",
        "SK": "CLAIM",
        "owner": "1",
    }
    record = things.get("MIGRATION#0001_colour", "STATE")
    assert record is not None
    assert (record["status"], record["changed"]) == ("done", ITEMS)
    assert record["finished_at"] == "2026-11-21T09:00:00.000Z"


def test_what_is_done_is_not_done_again(things: Table) -> None:
    runner(things).run([COLOUR])
    things.put({"PK": "Thing#99", "SK": "STATE", "version": 1})
    (summary,) = runner(things).run([COLOUR])
    assert summary.already_done
    assert summary.changed == ITEMS
    assert "colour" not in (things.get("Thing#99", "STATE") or {})


def test_a_rehearsal_writes_nothing_and_shows_examples(things: Table) -> None:
    before = things.items()
    (summary,) = runner(things).run([COLOUR], rehearsal=Rehearsal())
    assert things.items() == before
    assert (summary.changed, len(summary.examples)) == (ITEMS, 3)
    old, new = summary.examples[0]
    assert new == {**old, "colour": "none"}


def count_calls(table: Table, kill_at: int | None) -> Callable[[], int]:
    """Count the calls from here on; the process is killed before call number *kill_at*."""
    calls = 0

    def before(**_: Any) -> None:
        nonlocal calls
        calls += 1
        if kill_at is not None and calls == kill_at:
            raise Killed

    table.client.meta.events.register("before-call.dynamodb", before, unique_id="kill")
    return lambda: calls


def test_killed_before_any_call_it_goes_on_and_changes_everything_once(things: Table) -> None:
    total = count_calls(things, None)
    runner(things, segments=1).run([COLOUR])
    clean = total()
    things.client.meta.events.unregister("before-call.dynamodb", unique_id="kill")
    expected = data(things)
    # Every seventh call: reads, writes and records take turns in pages of 1 + 4 + 1 calls.
    points = range(1, clean + 1, 7)
    assert len(points) > 5
    for kill_at in points:
        forget(things)
        count_calls(things, kill_at)
        with pytest.raises(Killed):
            runner(things, segments=1).run([COLOUR])
        things.client.meta.events.unregister("before-call.dynamodb", unique_id="kill")
        (summary,) = runner(things, segments=5).run([COLOUR])
        assert data(things) == expected
        assert summary.scanned >= ITEMS  # in one segment, as it was begun


def forget(table: Table) -> None:
    """Put everything back to what it was before the migration."""
    for item in table.items():
        key = {name: {"S": item[name]} for name in ("PK", "SK")}
        if item["PK"].startswith(PREFIX):
            table.client.delete_item(TableName=table.name, Key=key)
        elif item.pop("colour", None):
            table.put(item)


def test_a_command_in_between_is_never_undone(things: Table) -> None:
    met: list[str] = []

    def interfere(params: dict[str, Any], **_: Any) -> None:
        pk = "Thing#07"
        if pk in str(params["body"]) and not met:
            met.append(pk)
            things.put({"PK": pk, "SK": "STATE", "version": 2, "number": 700})

    things.client.meta.events.register("before-call.dynamodb.UpdateItem", interfere)
    try:
        runner(things).run([COLOUR])
    finally:
        things.client.meta.events.unregister("before-call.dynamodb.UpdateItem", interfere)
    assert met
    assert things.get("Thing#07", "STATE") == {
        "PK": "Thing#07",
        "SK": "STATE",
        "version": 2,
        "number": 700,
        "colour": "none",
    }


def test_what_was_deleted_meanwhile_stays_deleted(things: Table) -> None:
    key = {"PK": {"S": "Thing#07"}, "SK": {"S": "STATE"}}

    def interfere(params: dict[str, Any], **_: Any) -> None:
        if "Thing#07" in str(params["body"]):
            things.client.delete_item(TableName=things.name, Key=key)

    things.client.meta.events.register("before-call.dynamodb.UpdateItem", interfere)
    try:
        (summary,) = runner(things).run([COLOUR])
    finally:
        things.client.meta.events.unregister("before-call.dynamodb.UpdateItem", interfere)
    assert things.get("Thing#07", "STATE") is None
    assert summary.changed == ITEMS - 1


def pages(number: int) -> Callable[[], bool]:
    """Let a run go on for *number* pages."""
    left = iter([True] * number)
    return lambda: next(left, False)


@pytest.mark.parametrize("rehearsed", [False, True])
def test_a_run_that_may_not_go_on_ends_between_two_pages(things: Table, rehearsed: bool) -> None:
    rehearsal = Rehearsal() if rehearsed else None
    before = data(things)
    counts = []
    while True:
        summaries = runner(things, segments=1, goes_on=pages(3)).run(
            [COLOUR, SHADE], rehearsal=rehearsal
        )
        counts.append(summaries[0].scanned)
        assert summaries[0].done or len(summaries) == 1
        if rehearsal is not None:
            rehearsal = Rehearsal(rehearsal.records())
        if len(summaries) == 2 and summaries[1].done:
            break
    assert counts[:2] == [12, 24]  # three pages of four, and three more
    if rehearsed:
        assert data(things) == before
    else:
        assert all("shade" in each for each in data(things) if each["PK"].startswith("Thing#"))


def test_where_one_segment_fails_the_others_end_with_their_page(things: Table) -> None:
    failed, first = Event(), Lock()

    def change(item: Item) -> Item | None:
        if first.acquire(blocking=False):
            failed.set()
            raise Killed
        return coloured(item)

    def wait(_seconds: float) -> None:
        failed.wait(30)

    bad = Migration(id="0001_bad", about="Bad.", change=change)
    with pytest.raises(Killed):
        runner(things, page=1, sleep=wait).run([bad])
    rows = [each for each in things.items() if each["SK"].startswith("SEGMENT#")]
    assert rows
    assert not any(each["done"] for each in rows)


@pytest.mark.parametrize(
    "change",
    [
        lambda item: {**item, "version": item.get("version", 0) + 1},
        lambda item: {**item, "PK": "Other#1"},
        lambda item: {**item, "number": item.get("number", 0) + 1},
    ],
    ids=["version", "key", "never the same twice"],
)
def test_an_unsound_migration_is_refused_before_it_writes(
    things: Table, change: Callable[[Item], Item]
) -> None:
    before = data(things)
    with pytest.raises(UnsoundMigration):
        runner(things).run([Migration(id="0001_bad", about="Bad.", change=change)])
    assert data(things) == before


def test_two_of_one_id_are_refused(things: Table) -> None:
    with pytest.raises(UnsoundMigration, match="same id"):
        runner(things).run([COLOUR, COLOUR])


def test_progress_is_reported_and_the_pace_is_kept(things: Table) -> None:
    pauses: list[float] = []
    reports: list[Progress] = []
    slow = runner(
        things,
        segments=1,
        items_per_second=2.0,
        sleep=pauses.append,
        report=lambda _, progress: reports.append(progress),
    )
    slow.run([COLOUR])
    assert reports[-1].done
    assert reports[-1].scanned > ITEMS  # the claim, and of the ledger what was there to be read
    assert sum(pauses) == reports[-1].scanned / 2
