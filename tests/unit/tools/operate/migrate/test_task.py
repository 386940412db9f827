"""The command for migrations: what it asks of the task, and what it shows."""

import io
from typing import Any

import pytest
from rich.console import Console

from tests.unit.tools.operate.redelivery.test_operations import Task
from tools.operate.migrate.task import show

pytestmark = pytest.mark.row("OPS-02")


def row(id: str, state: str, **known: Any) -> dict[str, Any]:
    empty = {"scanned": 0, "changed": 0, "segments": 4, "segments_done": 0, "examples": []}
    return {"id": id, "about": f"About {id}.", "state": state, **empty, **known}


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=160)


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_dry_run_goes_on_until_it_is_done_and_keeps_its_examples(console: Console) -> None:
    example = {"PK": "Product#1", "SK": "STATE", "before": {}, "after": {"shade": "none"}}
    position = {"0001": []}
    task = Task(
        {
            "done": False,
            "about_items": 100,
            "position": position,
            "migrations": [row("0001", "running", scanned=50, examples=[example])],
        },
        {
            "done": True,
            "about_items": 100,
            "position": None,
            "migrations": [row("0001", "rehearsed", scanned=100, changed=9)],
        },
    )
    asked = {"context": "catalog", "dry_run": True}
    show(task, asked, console)
    assert task.asked == [asked, asked | {"position": position}]
    for text in ("0001", "rehearsed", "100", "Product#1 STATE", 'shade: (none) → "none"'):
        assert text in shown(console)


def test_without_a_context_it_shows_how_all_stand(console: Console) -> None:
    states = [row("0001", "done", changed=8_400), row("0002", "running", segments_done=3)]
    task = Task({"done": True, "contexts": {"catalog": states}})
    show(task, {"context": None, "segments": 4}, console)
    assert task.asked == [{}]
    for text in ("catalog", "8,400", "3 of 4", "running"):
        assert text in shown(console)
