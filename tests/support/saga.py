"""The saga in one process: the real consumers, and a cloud that delivers as badly as it may.

At each write of a delivery the cloud may run another one first (two containers at once), or kill
the container before or after the write. What was delivered to a killed one is delivered again.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from shared.platform.aws import dynamodb
from shared.platform.bus import detail_of
from shared.platform.context import request_context
from shared.platform.dynamodb.events import envelope_of, event_key
from tests.support.bus_events import bus_event, failed_ids, sqs_batch
from tests.support.lambda_context import LambdaContext
from tests.support.memory_bus import subscribers
from tests.support.saga_containers import fresh_container, function
from tests.support.tables import Table

STREAMS = {"Order": "orders", "Reservation": "inventory", "Payment": "payments"}
_WRITES = ("TransactWriteItems", "PutItem", "UpdateItem")
_AT_ONCE = 3


class Killed(BaseException):
    """The container is gone."""


@dataclass
class Cloud:
    """Messages on their way, and the dice that decide what happens next.

    ``somebody`` is what people may do meanwhile: a cancellation, an adjustment.
    """

    tables: Mapping[str, Table]
    dice: Random
    somebody: Callable[[], None] = lambda: None
    pending: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    published: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    deliveries: int = 0
    _harsh: bool = True
    _running: int = 0
    _relayed: dict[str, int] = field(default_factory=dict)

    def publish(self, detail: Mapping[str, Any], *, source: str) -> None:
        """Put an event into the queue of every consumer that subscribed to it."""
        event = bus_event(detail, source=source)
        for name in subscribers(event):
            self.pending.append((name, event))
            self.published.append(self.pending[-1])

    def relay(self, order_id: str) -> None:
        """Publish what was stored of an order since the last time."""
        for kind, context in STREAMS.items():
            pk, table = f"{kind}#{order_id}", self.tables[context]
            while item := table.get(pk, event_key(self._relayed.get(pk, 0) + 1)):
                self._relayed[pk] = item["version"]
                self.publish(detail_of(envelope_of(item)), source=context)

    def run(self, steps: int) -> None:
        """Deliver *steps* times as badly as possible, then well, until nothing is left."""
        with self._writes_watched():
            for _ in range(steps):
                self._step()
            self._harsh = False
            while self.pending:
                self.deliver()

    def deliver(self) -> None:
        """Deliver up to three messages of a queue, any of them, some twice."""
        self.deliveries += 1
        assert self.deliveries < 500, f"never done with {self.pending}"
        name = self.dice.choice(self.pending)[0]
        waiting = [each for each in self.pending if each[0] == name]
        batch = self.dice.sample(waiting, min(len(waiting), self.dice.randint(1, 3)))
        for each in batch:
            self.pending.remove(each)
        bodies = [body for _, body in batch]
        bodies += [body for body in bodies if self._harsh and self.dice.random() < 0.3]
        self.pending += [(name, body) for body in self._invoke(name, bodies)]
        for body in bodies:
            self.relay(body["detail"]["data"].get("order_id", ""))

    def _invoke(self, name: str, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return what the function left on its queue: all, if it was killed."""
        fresh_container(self.tables)
        batch = sqs_batch(*bodies)
        self._running += 1
        try:
            failed = failed_ids(function(name).handler(batch, LambdaContext()))
        except Killed:
            return bodies
        finally:
            self._running -= 1
        sent = zip(batch["Records"], bodies, strict=True)
        return [body for record, body in sent if record["messageId"] in failed]

    def _step(self) -> None:
        if self.pending and self.dice.random() < 0.85:
            self.deliver()
            return
        running, self._running = self._running, 0  # only containers of consumers are killed
        try:
            with request_context():
                self.somebody()
        finally:
            self._running = running

    def _before(self, **_: Any) -> None:
        if not (self._harsh and self._running):
            return
        if self._running < _AT_ONCE and self.dice.random() < 0.25:
            self._step()
        if self.dice.random() < 0.08:
            raise Killed

    def _after(self, **_: Any) -> None:
        if self._harsh and self._running and self.dice.random() < 0.08:
            raise Killed

    @contextmanager
    def _writes_watched(self) -> Iterator[None]:
        events = dynamodb().meta.events
        hooks = {"before-call": self._before, "after-call": self._after}
        watched = [
            (f"{when}.dynamodb.{operation}", hook)
            for operation in _WRITES
            for when, hook in hooks.items()
        ]
        for name, hook in watched:
            events.register(name, hook)
        try:
            yield
        finally:
            for name, hook in watched:
                events.unregister(name, hook)
