"""Counts what every endpoint uses, by running the real handlers in the simulator, in order.

The simulator's tables count capacity as DynamoDB does; bytes are those of the requests and
answers themselves. CPU time is that of the handlers' own code, warm, without log lines, metrics,
traces and the signing of requests, which the simulator leaves out (the price list adds them).
Relays and consumers take one message at a time here; under load they take batches and cost less.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import process_time
from typing import Any
from unittest.mock import patch

from tools.lab.simulation.world.faults import Plan
from tools.lab.simulation.world.installing import uninstall
from tools.lab.simulation.world.run import run
from tools.lab.simulation.world.tasks import Task
from tools.measure.cost.story import OneOfEverything
from tools.measure.cost.usage import Usage

_READS = frozenset({"GetItem", "BatchGetItem", "Query"})


@dataclass(slots=True)
class Phase:
    """One request and all that it set off, by function; ``function`` is the endpoint's own."""

    name: str
    function: str = ""
    used: dict[str, Usage] = field(default_factory=dict)

    def of(self, function: str) -> Usage:
        """Return what *function* has used in this phase."""
        return self.used.setdefault(function, Usage())

    def total(self) -> Usage:
        """Return the sum."""
        whole = Usage()
        for each in self.used.values():
            whole.add(each)
        return whole


class Recorder:
    """Watches a run and books every call to the phase in which it falls."""

    def __init__(self) -> None:
        self.phases: list[Phase] = []
        self._functions: dict[str, str] = {}
        self._routes: dict[str, str] = {}

    def begin(self, name: str) -> None:
        """Begin a new phase."""
        self.phases.append(Phase(name))

    def spend(self, function: str, seconds: float) -> None:
        """Book CPU time."""
        self.phases[-1].of(function).cpu_seconds += seconds

    def attach(self, world: Any) -> "Recorder":
        """Have the calls of *world* booked here."""
        self._routes = {
            route.function: f"{route.method} {route.path}" for route in world.cloud.routes
        }
        perform, invoke = world._aws.perform, world.invoke  # noqa: SLF001  # our own simulator

        def performing(call: Any, invocation: str, refused: Any) -> Any:
            answer = perform(call, invocation, refused)
            self._book(self._functions[invocation], call, answer)
            return answer

        def invoking(function: str, event: Any, done: Any, *, name: str = "") -> Any:
            task = invoke(function, event, done, name=name)
            self._functions[task.name] = function
            usage = self.phases[-1].of(function)
            usage.invocations += 1
            usage.messages += len(event.get("Records", ())) if _from_queue(event) else 0
            return task

        world._aws.perform, world.invoke = performing, invoking  # noqa: SLF001
        return self

    def _book(self, function: str, call: Any, answer: Mapping[str, Any]) -> None:
        usage = self.phases[-1].of(function)
        usage.calls += 1
        match call.service:
            case "dynamodb":
                consumed = answer.get("ConsumedCapacity") or []
                tables = consumed if isinstance(consumed, list) else [consumed]
                units = sum(each["CapacityUnits"] for each in tables)
                if call.operation in _READS:
                    usage.read_units += units
                else:
                    usage.write_units += units
            case "events":
                usage.events += len(call.params["Entries"])
            case "ses":
                usage.mails += 1

    def asked(self, pending: Any) -> None:
        self.phases[-1].function = pending.function
        self.phases[-1].name = self.phases[-1].name or self._routes[pending.function]

    def set_out(self, errand: Any) -> None: ...
    def told(self, errand: Any) -> None: ...

    def answered(self, pending: Any) -> None:
        usage = self.phases[-1].of(pending.function)
        usage.requests += 1
        body = "" if pending.body is None else json.dumps(pending.body)
        usage.bytes_in += len(body) + sum(len(k) + len(v) for k, v in pending.headers.items())
        usage.bytes_out += len(json.dumps(pending.response))

    def after_step(self, step: Any) -> None: ...
    def settled(self) -> None: ...
    def at_quiescence(self) -> None: ...


def phases() -> list[Phase]:
    """Return what each request of the story used, each kind once; raises what goes wrong."""
    try:
        _told(Recorder())  # warms everything up, as the functions of a busy shop are
        recorder = Recorder()
        _told(recorder)
    finally:
        uninstall()
    first: dict[str, Phase] = {}
    for phase in recorder.phases:
        first.setdefault(phase.name, phase)
    return list(first.values())


def _told(recorder: Recorder) -> None:
    """Play the story once."""
    resume = Task.resume

    def timed(task: Any, *args: Any, **options: Any) -> None:
        started = process_time()
        try:
            resume(task, *args, **options)
        finally:
            recorder.spend(task.function, process_time() - started)

    with patch.object(Task, "resume", timed):
        result = run(
            plan=Plan(at_calls={}),
            workload=lambda world, dice: OneOfEverything(world, dice, recorder.begin),
            checks=recorder.attach,
        )
    if result.violation is not None:
        raise result.violation


def _from_queue(event: Mapping[str, Any]) -> bool:
    records = event.get("Records") or [{}]
    return bool(records[0].get("eventSource") == "aws:sqs")
