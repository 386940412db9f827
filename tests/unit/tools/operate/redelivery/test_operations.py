"""The commands for the person on call: what they ask of the tasks, and what they show."""

import argparse
import io
import json
from typing import Any

import pytest
from rich.console import Console

from tools.operate.redelivery.cli import _run
from tools.operate.redelivery.invoking import TaskRefused, invoker, until_done
from tools.operate.redelivery.redriving import redrive, show_dead_letters, show_depths
from tools.operate.redelivery.replaying import replay

pytestmark = [pytest.mark.row("EVT-05"), pytest.mark.row("EVT-06")]


class Task:
    """Answers one after the other, and remembers what it was asked."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def __call__(self, asked: Any) -> dict[str, Any]:
        self.asked.append(dict(asked))
        return self.answers.pop(0)


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=120)


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


class LambdaClient:
    def __init__(self, answer: Any, **fields: Any) -> None:
        self.response = {"Payload": io.BytesIO(json.dumps(answer).encode()), **fields}

    def invoke(self, **_: Any) -> Any:
        return self.response


def test_a_task_is_invoked_again_where_it_stopped() -> None:
    position = {"source": "orders", "after": {"PK": "a", "SK": "b"}}
    task = Task({"done": False, "position": position}, {"done": True, "position": None})
    assert len(list(until_done(task, {"consumer": "x"}))) == 2
    assert task.asked == [{"consumer": "x"}, {"consumer": "x", "position": position}]


@pytest.mark.parametrize(
    ("client", "says"),
    [
        (LambdaClient({"errorMessage": "no"}, FunctionError="Unhandled"), "f failed: no"),
        (LambdaClient({"error": {"code": "X", "message": "There is none."}}), "There is none."),
        (
            LambdaClient({"error": {"message": "No x.", "details": {"consumers": ["a", "b"]}}}),
            "No x. There are: a, b.",
        ),
        (
            LambdaClient(
                {
                    "error": {
                        "message": "m",
                        "details": {"errors": [{"loc": ["a"], "msg": "Be b."}]},
                    }
                }
            ),
            "a: Be b.",
        ),
    ],
)
def test_a_refusal_is_one_sentence(client: Any, says: str) -> None:
    with pytest.raises(TaskRefused) as refused:
        invoker(client, "f")({})
    assert str(refused.value) == says


def test_a_stream_is_one_part_and_a_span_many(console: Console) -> None:
    answer = {"done": True, "looked_at": 5, "sent": 2, "position": None}
    task = Task(answer)
    assert replay(task, {"consumer": "c", "aggregate": "Order#1"}, console, segments=4) == 2
    assert len(task.asked) == 1
    task = Task(*[answer] * 3)
    assert replay(task, {"consumer": "c", "since": "s", "until": "u"}, console, segments=3) == 6
    assert sorted(asked["segment"] for asked in task.asked) == [0, 1, 2]
    assert {asked["segments"] for asked in task.asked} == {3}
    assert "15 items read, 6 sent" in shown(console)


def test_a_redrive_shows_progress_and_reasons(console: Console) -> None:
    first = {"done": False, "moved": 10, "remaining": 5, "reasons": {"odd": 10}}
    last = {"done": True, "moved": 5, "remaining": 0, "reasons": {"odd": 4, "even": 1}}
    task = Task(first | {"position": {"began": "now"}}, last)
    assert redrive(task, "a.b", console, limit=100) == (15, 0)
    assert task.asked[1]["position"] == {"began": "now"}
    assert "10 put back, about 5 left" in shown(console)
    assert "14 x odd" in shown(console)


def test_depths_and_letters_are_shown(console: Console) -> None:
    assert show_depths(Task({"dead_letters": {"a.b": 3, "a.c": 0}}), console) == 3
    good = {"detail": {"type": "order.placed", "id": "e-1"}}
    letters = [
        {"reason": "why", "body": json.dumps(good), "attributes": {"redrives": "2"}},
        {"reason": "[why]", "body": "not JSON", "attributes": {}},
    ]
    assert show_dead_letters(Task({"letters": letters, "remaining": 2}), "a.b", console) == 2
    assert "why  order.placed e-1, put back 2 times before" in shown(console)
    assert "[why]  not JSON" in shown(console)


def test_what_a_queue_refuses_is_said_and_ends_with_1(console: Console) -> None:
    answer = {"done": True, "moved": 1, "refused": 2, "remaining": 2, "reasons": {}}
    asked = argparse.Namespace(
        command="redrive", consumer="a.b", look=False, discard=None, limit=10
    )
    assert _run(asked, Task(answer), console) == 1
    assert "2 refused by the queue: they stay" in shown(console)
    assert _run(asked, Task(answer | {"refused": 0}), console) == 0


@pytest.mark.parametrize(("sent", "status"), [(0, 1), (3, 0)])
def test_a_replay_that_reached_nothing_says_so_and_ends_with_1(
    console: Console, sent: int, status: int
) -> None:
    asked = argparse.Namespace(
        command="replay-events", consumer="a.b", aggregate="Order/1", rebuild=None, segments=1
    )
    answer = {"done": True, "looked_at": 9, "sent": sent, "position": None}
    assert _run(asked, Task(answer), console) == status
    assert ("nothing was sent" in shown(console)) is (sent == 0)


def test_letters_are_discarded_with_the_reason_until_it_is_done(console: Console) -> None:
    answer = {"discarded": 2, "refused": 0, "remaining": 1, "reasons": {"UnfitEvent": 2}}
    more = {"done": False, "position": {"began": "2026-01-01T00:00:00.000Z", "left": 8}}
    task = Task(answer | more, answer | {"done": True, "discarded": 1, "remaining": 0})
    asked = argparse.Namespace(
        command="redrive", consumer="a.relay_events", look=False, discard="replayed", limit=10
    )
    assert _run(asked, task, console) == 0
    assert [each["discard"] for each in task.asked] == ["replayed", "replayed"]
    assert "a.relay_events: 3 discarded, about 0 left" in shown(console)


def test_letters_of_everybody_are_not_discarded(console: Console) -> None:
    task = Task()
    asked = argparse.Namespace(
        command="redrive", consumer=None, look=False, discard="why", limit=10
    )
    assert _run(asked, task, console) == 1
    assert task.asked == []
