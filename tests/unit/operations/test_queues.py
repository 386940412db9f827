"""Batches of SQS: part of one may fail, and an answer has no order."""

from typing import Any, cast

import pytest

from shared.operations.adapters.queues import SqsQueues
from shared.operations.ports import QueueMessage

pytestmark = pytest.mark.row("EVT-05")


class Sqs:
    """Refuses those entries of a batch that are named, as often as is said; keeps what it had."""

    def __init__(self, **refusals: int) -> None:
        self._left = dict(refusals)
        self.batches: list[list[str]] = []

    def _answer(self, entries: list[dict[str, Any]], name: str) -> dict[str, Any]:
        self.batches.append([entry[name] for entry in entries])
        taken, failed = [], []
        for entry in reversed(entries):
            if self._left.get(entry[name], 0):
                self._left[entry[name]] -= 1
                failed.append({"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"})
            else:
                taken.append({"Id": entry["Id"]})
        given = {"Successful": taken, "Failed": failed}
        return {kind: each for kind, each in given.items() if each}

    def delete_message_batch(self, *, QueueUrl: str, Entries: Any) -> Any:  # noqa: N803
        return self._answer(Entries, "ReceiptHandle")

    def send_message_batch(self, *, QueueUrl: str, Entries: Any) -> Any:  # noqa: N803
        return self._answer(Entries, "MessageBody")


def messages(names: str) -> list[QueueMessage]:
    return [QueueMessage(body=name, attributes={}, receipt=name) for name in names]


def test_what_was_not_removed_is_removed_the_next_time() -> None:
    sqs = Sqs(b=1)
    SqsQueues(cast("Any", sqs)).remove("queue", messages("abc"))
    assert sqs.batches == [["a", "b", "c"], ["b"]]


def test_what_cannot_be_removed_is_left_after_three_times() -> None:
    sqs = Sqs(a=9, c=2)
    SqsQueues(cast("Any", sqs)).remove("queue", messages("abc"))
    assert sqs.batches == [["a", "b", "c"], ["a", "c"], ["a", "c"]]


def test_nothing_is_removed_without_a_call() -> None:
    sqs = Sqs()
    SqsQueues(cast("Any", sqs)).remove("queue", [])
    assert sqs.batches == []


def test_what_was_taken_is_told_by_its_name_not_by_its_place() -> None:
    sent = messages("abc")
    taken = SqsQueues(cast("Any", Sqs(a=1))).send("queue", sent)
    assert {id(each) for each in taken} == {id(sent[1]), id(sent[2])}
