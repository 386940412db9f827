"""Batches of every service: what they may hold in bytes, and that some of it may fail."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.platform.aws.clients import client
from tools.lab.simulation.engine.engine import Engine, Freedom, TableSpec
from tools.lab.simulation.world.aws import Aws
from tools.lab.simulation.world.calls import Call
from tools.lab.simulation.world.failing import Failing
from tools.lab.simulation.world.faults import Fault, Faults, Plan
from tools.lab.simulation.world.limits import MOST_BYTES, event_size, message_size
from tools.lab.simulation.world.world import World

QUEUE = "inventory.ReserveStockQueue"
DEAD = "inventory.ReserveStockDeadLetterQueue"
Try = Callable[..., dict[str, Any]]


def call(service: str, operation: str, **params: Any) -> Call:
    return Call(client(service), service, operation, params, 0.0)


@pytest.fixture
def world() -> World:
    return World(Plan(at_calls={}))


@pytest.fixture
def ask(world: World) -> Try:
    def perform(
        service: str, operation: str, *, refused: set[int] | None = None, **params: Any
    ) -> dict[str, Any]:
        return Aws(world).perform(call(service, operation, **params), "test", refused or set())

    return perform


def letters(*bodies: str) -> list[dict[str, Any]]:
    return [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"].rpartition(".")[2]


def test_a_queue_takes_what_it_does_not_refuse(world: World, ask: Try) -> None:
    entries = letters("a", "b", "c")
    answer = ask("sqs", "SendMessageBatch", QueueUrl=QUEUE, Entries=entries, refused={1})
    assert [entry["Id"] for entry in answer["Successful"]] == ["0", "2"]
    assert [(entry["Id"], entry["SenderFault"]) for entry in answer["Failed"]] == [("1", False)]
    assert world.queues[QUEUE] == ["a", "c"]


def test_a_list_that_is_empty_is_not_in_the_answer(ask: Try) -> None:
    answer = ask("sqs", "SendMessageBatch", QueueUrl=QUEUE, Entries=letters("a"))
    assert "Failed" not in answer


def test_dead_letters_are_removed_one_by_one_and_some_are_not(world: World, ask: Try) -> None:
    ask("sqs", "SendMessageBatch", QueueUrl=DEAD, Entries=letters("a", "b", "c"))
    assert world.dlqs[DEAD] == ["a", "b", "c"]
    receipts = [f"{QUEUE}-1/1", f"{QUEUE}-3/1", "of another queue"]
    entries = [{"Id": str(n), "ReceiptHandle": each} for n, each in enumerate(receipts)]
    answer = ask("sqs", "DeleteMessageBatch", QueueUrl=DEAD, Entries=entries, refused={0})
    assert [entry["Id"] for entry in answer["Successful"]] == ["1"]
    assert [entry["Code"] for entry in answer["Failed"]] == [
        "InternalError",
        "ReceiptHandleIsInvalid",
    ]
    assert world.dlqs[DEAD] == ["a", "b"]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "EmptyBatchRequest"),
        (letters(*"abcdefghijk"), "TooManyEntriesInBatchRequest"),
        ([*letters("a"), *letters("b")], "BatchEntryIdsNotDistinct"),
        (letters("ü" * (MOST_BYTES // 4), "ü" * (MOST_BYTES // 4), "x"), "BatchRequestTooLong"),
    ],
)
def test_a_queue_refuses_a_batch_that_is_none(ask: Try, entries: Any, code: str) -> None:
    with pytest.raises(ClientError) as refusal:
        ask("sqs", "SendMessageBatch", QueueUrl=QUEUE, Entries=entries)
    assert code_of(refusal) == code


def test_the_last_byte_fits_and_characters_are_not_bytes(world: World, ask: Try) -> None:
    body = "ü" * (MOST_BYTES // 2)
    ask("sqs", "SendMessageBatch", QueueUrl=QUEUE, Entries=letters(body))
    ask("sqs", "SendMessage", QueueUrl=DEAD, MessageBody=body)
    with pytest.raises(ClientError) as refusal:
        ask("sqs", "SendMessage", QueueUrl=DEAD, MessageBody=body + "x")
    assert code_of(refusal) == "InvalidParameterValue"
    assert world.dlqs[DEAD] == [body]


def test_attributes_weigh_with_their_names_and_types() -> None:
    attributes = {"grün": {"DataType": "String", "StringValue": "ä"}}
    assert message_size({"MessageBody": "é", "MessageAttributes": attributes}) == 2 + 5 + 6 + 2


def entry(size: int, **more: Any) -> dict[str, Any]:
    """Return an entry of *size* bytes, most of them half a character."""
    fixed = {"Source": "s", "DetailType": "t", **more}
    room = size - event_size({**fixed, "Detail": '""'})
    return {**fixed, "Detail": f'"{"é" * (room // 2)}{"x" * (room % 2)}"'}


def test_the_bus_counts_the_bytes_of_all_entries(ask: Try) -> None:
    some = entry(MOST_BYTES - 1_000, Time=datetime(2026, 1, 1, tzinfo=UTC))
    fits, one_more = entry(1_000), entry(1_001)
    assert ask("events", "PutEvents", Entries=[some, fits])["FailedEntryCount"] == 0
    for entries in ([some, one_more], [], [fits] * 11):
        with pytest.raises(ClientError) as refusal:
            ask("events", "PutEvents", Entries=entries)
        assert code_of(refusal) == "ValidationException"


class Waiting:
    """An invocation that waits for the answer to a call."""

    def __init__(self, asked: Call) -> None:
        self.call, self.name, self.function = asked, "test", "test"
        self.faults: list[str] = []
        self.ends_at, self.rings = float("inf"), False
        self.answers: list[Any] = []

    def failed(self, fault: Fault) -> None:
        self.faults.append(str(fault))

    def resume(self, value: Any = None, *, error: Exception | None = None) -> None:
        self.answers.append(value if error is None else error)


def outcome(world: World, asked: Call, fault: Fault) -> Any:
    """Return what a caller hears of *asked* when *fault* befalls it."""
    world.faults = Faults(Plan(at_calls={1: fault}))
    world.carry_out = (  # type: ignore[method-assign]  # needs no container here
        lambda call, task, refused=None: (Aws(world).perform(call, "test", refused or set()), None)
    )
    task: Any = Waiting(asked)
    Failing(world).perform(task)
    assert task.faults == [str(fault)]
    return task.answers[0]


def test_part_of_a_batch_fails_at_the_queue(world: World) -> None:
    asked = call("sqs", "SendMessageBatch", QueueUrl=QUEUE, Entries=letters("a", "b"))
    answer = outcome(world, asked, Fault.PARTIAL_BATCH)
    assert ([e["Id"] for e in answer["Failed"]], world.queues[QUEUE]) == (["0"], ["b"])


def test_writes_are_left_unprocessed(world: World) -> None:
    puts = [{"PutRequest": {"Item": {"PK": {"S": name}, "SK": {"S": "x"}}}} for name in "ab"]
    asked = call("dynamodb", "BatchWriteItem", RequestItems={"orders": puts})
    answer = outcome(world, asked, Fault.UNPROCESSED_ITEMS)
    assert answer["UnprocessedItems"] == {"orders": puts[:1]}
    assert [item["PK"]["S"] for item in world.engine.items("orders")] == ["b"]


def test_keys_that_were_too_large_are_left_beside_those_that_a_fault_left(world: World) -> None:
    world.engine = Engine(now=world.clock, freedom=Freedom(batch_bytes=1))
    table = {"Properties": world.cloud.tables["orders"]}
    world.engine.create_table(TableSpec.from_template(table, name="orders"))
    keys = [{"PK": {"S": name}, "SK": {"S": "x"}} for name in "abc"]
    for each in keys:
        world.engine.call("PutItem", {"TableName": "orders", "Item": each})
    asked = call("dynamodb", "BatchGetItem", RequestItems={"orders": {"Keys": keys}})
    answer = outcome(world, asked, Fault.UNPROCESSED_KEYS)
    assert answer["Responses"]["orders"] == [keys[1]]
    assert answer["UnprocessedKeys"]["orders"]["Keys"] == [keys[0], keys[2]]
