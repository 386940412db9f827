"""A table's stream: shards in order, each polled by its relay, one batch at a time."""

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.platform.events.patterns import matches
from tools.lab.simulation.world.faults import Fault
from tools.lab.simulation.world.tasks import Task

if TYPE_CHECKING:
    from tools.lab.simulation.engine.changes import Change
    from tools.lab.simulation.world.templates import StreamSpec
    from tools.lab.simulation.world.world import World

Record = dict[str, Any]
_RETRY_SECONDS = 1.0
_MOST_SECONDS = 60.0
"""Lambda backs off from a stream whose function fails."""


@dataclass(slots=True)
class Shard:
    """The part of a stream that some partition keys go to; only inside it is there an order.

    ``upto`` is where the batch in hand ends while a failed one is being bisected.
    """

    stream: "Stream"
    records: list[Record] = field(default_factory=list)
    taken_at: list[float] = field(default_factory=list)
    checkpoint: int = 0
    upto: int = 0
    failures: int = 0
    running: bool = False
    waiting: bool = False

    def take(self, record: Record) -> None:
        """Take a record, and have the shard polled."""
        self.records.append(record)
        self.taken_at.append(self.stream.world.clock.now)
        self.offer()

    def offer(self) -> None:
        """Have the shard polled, unless it is already."""
        if not (self.running or self.waiting) and self.checkpoint < len(self.records):
            self.waiting = True
            self.stream.world.ready(self._poll)

    def _poll(self) -> None:
        self.waiting = False
        self.running = True
        world, spec = self.stream.world, self.stream.spec
        if self.upto <= self.checkpoint:
            limit = min(len(self.records) - self.checkpoint, spec.batch_size)
            size = limit if world.plan.orderly else world.dice.randint(1, limit)
            self.upto = self.checkpoint + size
        batch = self.records[self.checkpoint : self.upto]
        world.invoke(spec.function, {"Records": batch}, self._done)

    def _done(self, task: Task, outcome: tuple[Any, BaseException | None]) -> None:
        answer, error = outcome
        self.running = False
        world, spec = self.stream.world, self.stream.spec
        failed = error is not None or answer["batchItemFailures"]
        if failed:
            self._failed()
        elif world.faults.happens(Fault.CHECKPOINT_LOST):
            world.trace.note(task.name, "checkpoint lost")
        else:
            self.checkpoint, self.failures = self.upto, 0
            if spec.bisects:
                self.upto = self.checkpoint
        pause = min(_MOST_SECONDS, _RETRY_SECONDS * 2 ** min(self.failures, 8))
        self.offer() if not failed else world.at(world.clock.now + pause, self.offer)

    def _failed(self) -> None:
        world, spec = self.stream.world, self.stream.spec
        self.failures += 1
        size = self.upto - self.checkpoint
        too_often = spec.max_retries is not None and self.failures > spec.max_retries
        if too_often or world.clock.now - self.taken_at[self.checkpoint] > spec.max_age:
            lost = self.records[self.checkpoint : self.upto]
            self.stream.dead += lost
            world.trace.note(spec.function, "gave up", [each["eventID"] for each in lost])
            self.checkpoint, self.failures = self.upto, 0
        elif spec.bisects and size > 1:
            self.upto = self.checkpoint + size // 2


@dataclass(slots=True)
class Stream:
    """The stream of one table; ``dead`` is what its relay never got through."""

    world: "World"
    spec: "StreamSpec"
    shards: list[Shard] = field(default_factory=list)
    dead: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        number = 1 if self.world.plan.orderly else self.world.dice.randint(1, 3)
        self.shards = [Shard(self) for _ in range(number)]

    def take(self, change: "Change") -> None:
        """Take a change of the table, if the mapping's filters let it through.

        Filters look at event name and keys only (the templates' reader refuses others), so the
        record is made just for what passes.
        """
        glimpse = {"eventName": change.name, "dynamodb": {"Keys": change.key}}
        if self.spec.filters and not any(matches(each, glimpse) for each in self.spec.filters):
            return
        record = change.record()
        self._shard(change.key["PK"]["S"]).take(record)

    def replay(self) -> int:
        """Offer what the relay has given up once more, as an operator would; return how many."""
        again, self.dead = self.dead, []
        for record in again:
            key = record["dynamodb"]["Keys"]["PK"]["S"]
            self._shard(key).take(record)
        return len(again)

    def _shard(self, key: str) -> Shard:
        return self.shards[zlib.crc32(key.encode()) % len(self.shards)]
