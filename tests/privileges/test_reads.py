"""Reads and their reasons: what differs from what was seen is found, either way."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tools.lab.privileges.reads import Row, differences, report, seen, written
from tools.lab.support import call_record
from tools.lab.support.call_record import kind_of_read

ROWS = {
    "orders.adapters.a:A.find": Row(frozenset({"consistent"}), "who has just ordered looks"),
    "orders.adapters.b:B.page": Row(
        frozenset({"eventual", "index"}), "a list may be a moment behind"
    ),
}
SEEN = {place: {*row.reads} for place, row in ROWS.items()}


def test_rows_that_are_what_was_seen_hold() -> None:
    assert differences(ROWS, SEEN).holds


def test_a_read_without_a_row_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    found = differences(ROWS, {**SEEN, "orders.adapters.c:C.find": {"eventual"}})
    assert not found.holds
    report(found)
    told = capsys.readouterr().out
    assert "read, not in reads.toml: orders.adapters.c:C.find (eventual)" in told


def test_a_row_without_a_read_is_found_where_everything_was_run() -> None:
    less = dict(list(SEEN.items())[:1])
    assert differences(ROWS, less).unseen == ["orders.adapters.b:B.page"]
    assert differences(ROWS, less, complete=False).holds


def test_a_row_that_a_run_seldom_comes_to_need_not_be_seen_and_is_held_to_what_is() -> None:
    rows = {"a:b": Row(frozenset({"consistent"}), "since the condition failed", "a race alone")}
    assert differences(rows, {}).holds
    assert differences(rows, {"a:b": {"eventual"}}).other


@pytest.mark.parametrize("kinds", [{"eventual"}, {"consistent", "eventual"}])
def test_a_read_that_is_of_another_kind_even_once_is_found(kinds: set[str]) -> None:
    found = differences(ROWS, {**SEEN, "orders.adapters.a:A.find": kinds})
    assert found.other == [
        f"orders.adapters.a:A.find: consistent, seen {', '.join(sorted(kinds))}"
    ]


def test_no_rows_hold_nothing() -> None:
    assert not differences({}, {}).holds


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('reads = "sometimes"\nwhy = "because it is well known"', "not any of"),
        ('reads = "eventual"\nwhy = "why not"', "hardly why"),
    ],
)
def test_a_row_has_a_kind_and_a_reason(tmp_path: Path, row: str, said: str) -> None:
    table = tmp_path / "reads.toml"
    table.write_text(f'["a:b"]\n{row}\n')
    with pytest.raises(ValueError, match=said):
        written(table)


def test_the_rows_are_in_order_and_name_code_that_is_there() -> None:
    rows = list(written())
    assert rows == sorted(rows)
    for place in rows:
        module, _, name = place.partition(":")
        source = Path("shared", *module.split(".")).with_suffix(".py").read_text("utf-8")
        for part in name.split("."):
            assert f"class {part}" in source or f"def {part}(" in source, place


ON_A_TABLE: dict[str, Any] = {"TableName": "t"}


@pytest.mark.parametrize(
    ("operation", "parameters", "kind"),
    [
        ("GetItem", {**ON_A_TABLE, "ConsistentRead": True}, "consistent"),
        ("GetItem", {**ON_A_TABLE, "ConsistentRead": False}, "eventual"),
        ("Query", ON_A_TABLE, "eventual"),
        ("Query", {**ON_A_TABLE, "IndexName": "GSI1"}, "index"),
        ("Scan", {**ON_A_TABLE, "ConsistentRead": True}, "consistent"),
        ("BatchGetItem", {"RequestItems": {"t": {"ConsistentRead": True}}}, "consistent"),
        ("BatchGetItem", {"RequestItems": {"t": {"ConsistentRead": True}, "u": {}}}, "eventual"),
        ("TransactGetItems", {"TransactItems": []}, "transaction"),
        ("PutItem", ON_A_TABLE, ""),
        ("TransactWriteItems", {"TransactItems": []}, ""),
    ],
)
def test_parameters_tell_the_kind(operation: str, parameters: Any, kind: str) -> None:
    assert kind_of_read(operation, parameters) == kind


def test_the_record_names_the_code_that_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the function that all reads go through, and not a test, which is nobody."""
    monkeypatch.setenv(call_record.FOLDER, str(tmp_path))
    monkeypatch.setattr(call_record, "_seen", set())
    source = "def find(note):\n    beneath(note)\n"
    reader: dict[str, Any] = {"__name__": "shared.orders.adapters.order_reader"}
    beneath: dict[str, Any] = {"__name__": "shared.platform.dynamodb.reading"}
    exec("def beneath(note):\n    note()\n", beneath)  # noqa: S102  # a module of its own name
    reader["beneath"] = beneath["beneath"]
    exec(source, reader)  # noqa: S102  # as above

    def noted() -> None:
        call_record.note(
            "dynamodb",
            "GetItem",
            {**ON_A_TABLE, "ConsistentRead": True},
            invocation=("orders/get_order", ""),
            environment={},
        )

    noted()
    reader["find"](noted)
    assert seen(tmp_path) == {"orders.adapters.order_reader:find": {"consistent"}}
    (lines,) = (each.read_text().splitlines() for each in tmp_path.glob(f"{os.getpid()}.jsonl"))
    assert [json.loads(line)["reader"] for line in lines] == [
        "",
        "orders.adapters.order_reader:find",
    ]
