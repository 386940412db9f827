"""SQS: standard queues, at least once and in any order, and the mappings that poll them."""

import itertools
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tools.lab.simulation.world.faults import Fault
from tools.lab.simulation.world.tasks import Killed, Task

if TYPE_CHECKING:
    from tools.lab.simulation.world.templates import QueueSpec
    from tools.lab.simulation.world.world import World

ARN = "arn:aws:sqs:eu-west-1:000000000000:"
_AT_ONCE = 3
"""Batches of one queue that may be under way at the same time."""


@dataclass(slots=True)
class Message:
    """A message; ``visible_at`` is when it may be received (again)."""

    id: str
    body: str
    poison: bool
    sent_at: float
    order: int
    visible_at: float = 0.0
    received: int = 0
    receipt: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """As their sender gave them."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One batch that was handed to a consumer."""

    consumer: str
    event_ids: tuple[str, ...]
    invocation: str
    started: int


@dataclass(slots=True)
class Queue:
    """One queue, its dead letters, and its poller."""

    world: "World"
    spec: "QueueSpec"
    messages: dict[str, Message] = field(default_factory=dict)
    dead: list[Message] = field(default_factory=list)
    running: int = 0
    sent: int = 0
    waiting: bool = False
    poison: set[str] = field(default_factory=set)
    redriven: list[Message] = field(default_factory=list)
    received: Counter[str] = field(default_factory=Counter)
    """How often a message was delivered at the most, by its body."""

    def send(
        self,
        body: str,
        *,
        delay: float = 0.0,
        poison: bool = False,
        attributes: Mapping[str, Any] | None = None,
    ) -> None:
        """Take a message."""
        self.sent += 1
        name = f"{self.spec.name}-{self.sent}"
        now = self.world.clock.now
        if poison:
            self.poison.add(body)
        self.messages[name] = Message(
            name, body, poison, now, self.sent, now + delay, attributes=attributes or {}
        )
        self.wake(now + delay)

    def wake(self, at: float) -> None:
        """Look for messages at that time."""
        self.world.at(at, self._offer)

    def _offer(self) -> None:
        if not self.waiting and self.running < _AT_ONCE:
            self.waiting = True
            lag = self.world.poll_lag
            later = self.world.dice.uniform(0.0, lag) if lag else 0.0
            self.world.at(self.world.clock.now + later, lambda: self.world.ready(self._poll))

    def _poll(self) -> None:
        """Receive a batch and hand it to the consumer."""
        self.waiting = False
        now = self.world.clock.now
        visible = [each for each in self.messages.values() if each.visible_at <= now]
        if not visible:
            return
        batch = self._chosen(visible)
        for each in [each for each in batch if each.received >= self.spec.max_receive_count]:
            batch.remove(each)
            self.dead.append(self.messages.pop(each.id))
            self.world.faults.note(Fault.DEAD_LETTER)
            self.world.trace.note(self.spec.name, "dead letter", each.id)
        if not batch:
            self._offer()
            return
        for each in batch:
            each.received += 1
            self.received[each.body] = max(self.received[each.body], each.received)
            each.receipt = f"{each.id}/{each.received}"
            each.visible_at = now + self.spec.visibility_timeout
            self.wake(each.visible_at)
        if self.world.faults.happens(Fault.DELIVERY_THROTTLED):
            self.world.trace.note(self.spec.name, "throttled", [each.id for each in batch])
        else:
            self._invoke(batch)
        if len(visible) > len(batch):
            self._offer()

    def _chosen(self, visible: list[Message]) -> list[Message]:
        world, limit = self.world, min(len(visible), self.spec.batch_size)
        if world.plan.orderly:
            return visible[:limit]
        size = limit if world.dice.random() < 0.5 else world.dice.randint(1, limit)
        batch = world.dice.sample(visible, size)
        if any(one.order > two.order for one, two in itertools.pairwise(batch)):
            world.faults.note(Fault.REORDERED)
        return batch

    def _invoke(self, batch: list[Message]) -> None:
        self.running += 1
        receipts = {each.id: each.receipt for each in batch}

        def done(task: Task, outcome: tuple[Any, BaseException | None]) -> None:
            self.running -= 1
            self._settle(task, receipts, outcome)
            self._offer()

        event = {"Records": [_record(each, self.spec.name) for each in batch]}
        task = self.world.invoke(self.spec.consumer, event, done)
        ids = tuple(_event_id(each.body) for each in batch)
        self.world.deliveries.append(
            Delivery(self.spec.consumer, ids, task.name, self.world.step_number)
        )
        if self.world.faults.happens(Fault.REDELIVERED):
            for each in batch:  # SQS may do that at any time: it promises "at least once"
                each.visible_at = self.world.clock.now
            self.wake(self.world.clock.now)

    def _settle(
        self, task: Task, receipts: dict[str, str], outcome: tuple[Any, BaseException | None]
    ) -> None:
        answer, error = outcome
        if error is not None:
            how = "killed" if isinstance(error, Killed) else f"raised {type(error).__name__}"
            self.world.trace.note(task.name, "batch left", list(receipts), how)
            return
        failed = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
        handled = [each for each in receipts if each not in failed]
        self.world.trace.note(task.name, "batch done", handled, f"failed {failed}" * bool(failed))
        if handled and self.world.faults.happens(Fault.ACK_LOST):
            return
        for each in handled:
            self.messages.pop(each, None)

    def change_visibility(self, receipt: str, timeout: float) -> bool:
        """Hide the message for *timeout* seconds from now; tell whether it is there."""
        message = self.messages.get(receipt.partition("/")[0])
        if message is None or message.receipt != receipt:
            return False
        message.visible_at = self.world.clock.now + timeout
        self.wake(message.visible_at)
        return True

    def forget(self, receipt: str, *, dead: bool) -> bool:
        """Delete a message by its receipt; SQS takes any receipt of one that is gone already."""
        name = receipt.partition("/")[0]
        if dead:
            self.dead = [each for each in self.dead if each.id != name]
        else:
            self.messages.pop(name, None)
        return name.startswith(f"{self.spec.name}-")

    def receive_dead(self, *, most: int, hide: float) -> list[Message]:
        """Return some dead letters that nobody looks at, and hide them for *hide* seconds."""
        now = self.world.clock.now
        found = [each for each in self.dead if each.visible_at <= now][:most]
        for each in found:
            each.received += 1
            each.receipt = f"{each.id}/{each.received}"
            each.visible_at = now + hide
        return found

    def show_dead(self, receipt: str, timeout: float) -> bool:
        """Hide a dead letter for *timeout* seconds from now; tell whether it is there."""
        for each in self.dead:
            if each.receipt == receipt:
                each.visible_at = self.world.clock.now + timeout
                return True
        return False

    def put_dead_letter(self, body: str, attributes: Mapping[str, Any]) -> str:
        """Take a dead letter that the consumer has put there itself; return its id."""
        self.sent += 1
        name = f"{self.spec.name}-{self.sent}"
        now = self.world.clock.now
        poison = body in self.poison
        self.world.faults.note(Fault.DEAD_LETTER)
        self.dead.append(Message(name, body, poison, now, self.sent, now, attributes=attributes))
        return name

    def redrive(self) -> int:
        """Put the dead letters back, except for poison; return how many."""
        again = [each for each in self.dead if not each.poison]
        self.dead = [each for each in self.dead if each.poison]
        self.redriven += again
        for each in again:
            self.send(each.body, attributes=each.attributes)
        return len(again)


def _record(message: Message, queue: str) -> dict[str, Any]:
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt,
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.received),
            "SentTimestamp": str(int(message.sent_at * 1000)),
            "SenderId": "events",
            "ApproximateFirstReceiveTimestamp": str(int(message.sent_at * 1000)),
        },
        "messageAttributes": {
            name: {"dataType": value["DataType"], "stringValue": value["StringValue"]}
            for name, value in message.attributes.items()
        },
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": f"{ARN}{queue}",
        "awsRegion": "eu-west-1",
    }


def _event_id(body: str) -> str:
    try:
        found = json.loads(body)["detail"]["id"]
    except (KeyError, TypeError, ValueError):
        return ""
    return str(found)
