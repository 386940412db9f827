"""The world: one seeded scheduler over invocations, deliveries, timers and faults."""

from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Protocol

from tools.lab.simulation.engine.engine import Engine
from tools.lab.simulation.engine.spec import TableSpec
from tools.lab.simulation.world import as_of_old, before_migrations
from tools.lab.simulation.world.appconfig import Configurations
from tools.lab.simulation.world.asking import Asking
from tools.lab.simulation.world.aws import Aws, Mail
from tools.lab.simulation.world.bus import Bus
from tools.lab.simulation.world.cast import Actor, Cast
from tools.lab.simulation.world.containers import Fleet
from tools.lab.simulation.world.expiry import Expiry
from tools.lab.simulation.world.failing import Failing
from tools.lab.simulation.world.faults import Fault, Faults, Plan
from tools.lab.simulation.world.indexes import Indexes
from tools.lab.simulation.world.installing import install
from tools.lab.simulation.world.post import Post
from tools.lab.simulation.world.queues import Delivery, Queue
from tools.lab.simulation.world.replicas import by_seed
from tools.lab.simulation.world.requests import Errand, Pending
from tools.lab.simulation.world.scheduler import Ready, Scheduler
from tools.lab.simulation.world.secrets import Secrets
from tools.lab.simulation.world.steps import Change, Step
from tools.lab.simulation.world.streams import Stream
from tools.lab.simulation.world.tasks import Task
from tools.lab.simulation.world.templates import deployed
from tools.lab.simulation.world.tools import REBUILD
from tools.lab.simulation.world.trace import Trace

_FAR = 0.3
"""Seconds that a call takes from where operators sit."""


_AGED = 0.04
_SWITCHED = 0.08


class Watcher(Protocol):
    """Looks at every step; the checks are one."""

    def asked(self, pending: Pending) -> None: ...
    def after_step(self, step: Step) -> None: ...
    def answered(self, pending: Pending) -> None: ...
    def set_out(self, errand: Errand) -> None: ...
    def told(self, errand: Errand) -> None: ...


class World(Scheduler):
    """Everything that is deployed, and what happens to it in one run."""

    def __init__(self, plan: Plan, *, verbose: bool = False) -> None:
        super().__init__(Random(f"schedule {plan.seed}"), orderly=plan.orderly)
        self.plan = plan
        self.verbose = verbose
        self.faults = Faults(plan)
        self.trace = Trace(self.clock)
        self.calls: Counter[str] = Counter()
        self.callers: list[str] = []
        self.settled_calls = 0
        self.invocations: Counter[str] = Counter()
        self.errors: list[tuple[str, str, Mapping[str, Any]]] = []
        self.mails: list[Mail] = []
        self.deliveries: list[Delivery] = []
        self.secrets = Secrets()
        self.sent: list[tuple[str, str, str]] = []
        """Messages that went to queues past the bus: invocation, queue and body."""
        self.watchers: list[Watcher] = []
        cloud = deployed()
        self.cloud = cloud
        self.functions = install().functions
        self.engine = Engine(now=self.clock, freedom=by_seed(self.faults))
        for name, properties in cloud.tables.items():
            self.engine.create_table(
                TableSpec.from_template({"Properties": properties}, name=name)
            )
        self.tables = {name: name for name in cloud.tables}
        self.subscriptions = cloud.subscriptions
        self.bus = Bus(self)
        self.post = Post(Queue(self, spec) for spec in cloud.queues.values())
        self._streams = {spec.table: Stream(self, spec) for spec in cloud.streams}
        self.configurations = Configurations(self)
        self.switched = Random(f"flags {plan.seed}").random() < _SWITCHED
        """Whether flags are set in this run, and functions ask AppConfig for them."""
        self._fleet = Fleet(
            old_code=self.faults.old_code, release=self.faults.release, flags=self.switched
        )
        self._indexes = Indexes(self)
        self._expiry = Expiry(self)
        self._aws = Aws(self)
        self._failing = Failing(self)
        self.poll_lag = 0.0 if plan.orderly else self.dice.choice((0.0, 0.0, 0.5, 5.0))
        """Seconds that messages may pile up before a poller takes a batch of them."""
        aged = Random(f"aged {plan.seed}").random() < _AGED
        self.aged = aged and not plan.orderly and plan.release is None
        """Whether the shop was opened in the days before the migrations there are."""
        self._tasks: dict[str, Task] = {}
        self.cast = Cast(self)
        self._asking = Asking(self)

    # --- what workloads and checks use

    def http(self, method: str, path: str, **request: Any) -> Pending:
        """Send a request; it is answered later, or never."""
        return self._asking.http(method, path, **request)

    def ask(self, function: str, event: Mapping[str, Any]) -> Errand:
        """Invoke a function by itself; it answers later, or never."""
        return self._asking.function(function, event)

    def spawn(self, actor: Actor) -> None:
        """Let an actor act."""
        self.cast.enter(actor)

    def renew(self) -> None:
        """Have the code that writes today's shape of items everywhere."""
        self.aged = False

    def send(self, queue: str, body: str) -> None:
        """Put poison on a queue."""
        self.faults.note(Fault.POISON)
        self.queue(queue).send(body, poison=True)

    def put_event(self, source: str, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Put poison on the bus."""
        self.faults.note(Fault.POISON)
        self.bus.put(source, detail_type, dict(detail), poison=True)

    @property
    def bus_log(self) -> list[tuple[str, dict[str, Any]]]:
        """Every event that the bus has taken: source and detail."""
        return self.bus.log

    @property
    def queues(self) -> dict[str, list[str]]:
        """The bodies of the messages on every queue."""
        found = self.post.queues.items()
        return {name: [each.body for each in queue.messages.values()] for name, queue in found}

    @property
    def dlqs(self) -> dict[str, list[str]]:
        """The bodies of the dead letters of every queue, by the name of the dead-letter queue."""
        found = self.post.queues.values()
        return {queue.spec.dlq: [each.body for each in queue.dead] for queue in found}

    @property
    def lost_records(self) -> int:
        """How many stream records a relay has given up."""
        return sum(len(stream.dead) for stream in self._streams.values())

    # --- what the parts of the world use

    def queue(self, name: str) -> Queue:
        """Return a queue by its name."""
        return self.post.queue(name)

    def invoke(
        self,
        function: str,
        event: dict[str, Any],
        done: Callable[[Task, Any], None],
        *,
        name: str = "",
    ) -> Task:
        """Start an invocation; its first lines run at some later step."""
        container = self._fleet.take(self.functions[function])
        self.invocations[function] += 1
        if self.faults.happens(Fault.CLOCK_JUMP):
            container.skew = self.dice.choice((-1, 1)) * self.dice.choice((1, 30, 3_000))

        def finished(task: Task, outcome: tuple[Any, BaseException | None]) -> None:
            self._tasks.pop(task.name, None)
            if not task.dead:
                self._fleet.give_back(container)
            done(task, outcome)

        task = Task(self, name or f"{function}-{self.number()}", container, event, finished)
        self._tasks[task.name] = task
        self.ready(task.resume)
        return task

    def calling(self, task: Task) -> None:
        """Take note that a task has stopped at a call."""
        assert task.call is not None
        if task.function == REBUILD and not self.plan.orderly:  # a machine that is far away
            later = self.clock.now + self.dice.uniform(0.0, _FAR)
            self.at(later, lambda: self.ready(lambda: self._failing.perform(task)))
        else:
            self.ready(lambda: self._failing.perform(task))

    def sleeping(self, task: Task) -> None:
        """Take note that a task has stopped for a while."""
        assert task.wakes_at is not None
        self._wake(task, task.wakes_at, lambda: self._failing.go_on(task))

    def stalled(self, task: Task, until: float, go: Ready) -> None:
        """Let a task go on with *go* at *until*, or when its alarm or its end comes first."""
        self._wake(task, until, go)

    def carry_out(
        self, call: Any, task: Task, refused: set[int] | None = None
    ) -> tuple[Any, Exception | None]:
        """Have the effect of a call and show it to the watchers; return answer or exception."""
        before = len(self.engine.changes)
        answer, error = None, None
        code = self._fleet.code_of(task.container)
        if self.aged:
            call = before_migrations.written(call)
        as_then = as_of_old.written(call, code, self._order)
        if as_then is not None:
            call = as_then
            task.failed(Fault.OLD_WRITER)
            self.faults.note(Fault.OLD_WRITER)
        try:
            answer = self._aws.perform(call, task.name, refused or set())
        except Exception as raised:
            if not hasattr(raised, "response"):
                raise
            error = raised
        if len(self.engine.changes) > before:
            self._changed(task.name, task.function, before)
        if as_of_old.reads(answer, code):
            answer = as_of_old.read(answer, code)
            task.failed(Fault.OLD_READER)
            self.faults.note(Fault.OLD_READER)
        return answer, error

    def expire(self, table: str, key: Any) -> None:
        """Remove an expired row, as DynamoDB does some time."""
        before = len(self.engine.changes)
        self.engine.expire(table, key)
        if len(self.engine.changes) > before:
            self._changed("time to live", "time to live", before)

    def error_logged(self, task: Task, message: str, fields: Mapping[str, Any]) -> None:
        """Keep an error that a function has logged."""
        self.errors.append((task.name, message, fields))
        self.trace.note(task.name, "logged", str(fields.get("error", "")), message[:120])

    @property
    def clocks_are_right(self) -> bool:
        """Whether no container's clock has been wrong so far."""
        return not self.faults.counts[Fault.CLOCK_JUMP]

    @property
    def acting(self) -> bool:
        """Whether any actor still has something to do."""
        return self.cast.acting

    def redrive(self) -> int:
        """Put dead letters that are no poison back on their queues, as the runbook says."""
        return self.post.redrive() + sum(stream.replay() for stream in self._streams.values())

    def wait(self, seconds: float) -> None:
        """Let so much time pass, whatever else there is to do."""
        self.at(self.clock.now + seconds, lambda: None)

    def calm(self) -> None:
        """End all faults: what was held back comes, every clock is right."""
        self.faults.over = True
        self._indexes.catch_up()
        self._fleet.right()

    def beside(self) -> None:
        """Let indexes fall behind, and rows expire."""
        self._indexes.maybe_lag()
        self._expiry.maybe_remove()

    def abandon(self) -> None:
        """End what still runs, so that the next world starts in a clean process."""
        for task in list(self._tasks.values()):
            task.abandon()
        self._tasks.clear()
        self.forget()
        self.cast.leave()

    def _order(self, order_id: str) -> Mapping[str, Any]:
        key = {"PK": {"S": f"Order#{order_id}"}, "SK": {"S": "STATE"}}
        asked = {"TableName": "orders", "Key": key, "ConsistentRead": True}
        found = self.engine.call("GetItem", asked)
        order: Mapping[str, Any] = found["Item"]
        return order

    def _changed(self, invocation: str, function: str, before: int) -> None:
        taken = self.engine.changes[before:]
        for change in taken:
            self._expiry.take(change)
            stream = self._streams.get(change.table)
            if stream is not None:
                stream.take(change)
        changes = [
            Change(each.table, each.key["PK"]["S"], each.key["SK"]["S"], each.old, each.new)
            for each in taken
        ]
        step = Step(self.step_number, invocation, function, changes)
        for watcher in self.watchers:
            watcher.after_step(step)

    def _wake(self, task: Task, when: float, go: Ready) -> None:
        if task.alarm_at is not None:
            when = min(when, task.alarm_at)
        when = min(when, task.ends_at)
        self.at(when, lambda: self.ready(go))
