"""Runs functions on moto, each in the scene in which its sample succeeds, and records them."""

import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

from tools.lab.authorization.world import PLAYED, World, play
from tools.lab.support import environment
from tools.lab.support.functions import sample_event
from tools.lab.support.lambda_context import LambdaContext
from tools.measure.bench import worker
from tools.measure.bench.cases import Case
from tools.measure.bench.recorded import Recorded
from tools.measure.bench.scene import EARLIER, derived, subscribe
from tools.measure.bench.stub import Exchange, Stub
from tools.measure.bench.tape import Tape

_READS = ("BatchGet", "Describe", "Get", "List", "Query", "Scan")
_WARM_CALLS = 2
_TIME_MS = 60_000


class Recorder:
    """Records one function after the other in one world."""

    def __init__(self, world: World, tape: Tape) -> None:
        self._world = world
        self._tape = tape

    def all(self, wanted: list[Case]) -> list[Recorded]:
        """Record *wanted*, those first whose samples are part of the scene."""
        self._world.declare()
        play(self._world)
        by_name = {case.function: case for case in wanted}
        found = {name: self.one(by_name[name]) for name in PLAYED if name in by_name}
        self._world.save()
        left = [case for case in wanted if case.function not in found]
        found |= {case.function: self._undone(case) for case in left if case.kind != "other"}
        subscribe(self._world)
        found |= {case.function: self._undone(case) for case in left if case.kind == "other"}
        return [found[case.function] for case in wanted]

    def _undone(self, case: Case) -> Recorded:
        """Record a function and leave no trace of it."""
        found = self.one(case)
        for function in (case.function, *EARLIER.get(case.function, ())):
            self._world.enter(function)
            self._world.undo()
        return found

    def one(self, case: Case) -> Recorded:
        """Record a function; what speaks against benching it is noted, never raised."""
        known = Recorded(case.function)
        try:
            # Nobody stands between: a front door's hash would have every request refused.
            known.variables = self._world.variables(case.function) | {"ORIGIN_VERIFY_HASHES": ""}
            sample = sample_event(case.context, case.use_case)
            known.event = derived(case.function, sample, known.variables)
            for earlier in EARLIER.get(case.function, ()):
                self._run(earlier, sample_event(*earlier.split("/")))
            with self._tape.recording() as known.exchanges:
                worker.check(self._run(case.function, worker.event(known.event, 0)))
            if case.kind == "consumer" and not any(map(_changes, known.exchanges)):
                known.refused = (
                    "it wrote and sent nothing: its sample changes nothing in this scene"
                )
        except Exception as error:  # noqa: BLE001  # each has its own; all are shown
            known.refused = f"{type(error).__name__}: {error}"
        return known

    def _run(self, function: str, event: Any) -> Any:
        self._world.enter(function)
        os.environ.pop("RATE_LIMIT_FACTOR", None)  # the matrix asks more often than anybody may
        environment.forget_cached()  # as if cold
        return handler_of(function)(event, LambdaContext(remaining_ms=_TIME_MS))


def handler_of(function: str) -> Callable[[Any, Any], Any]:
    """Import a function as if for the first time: it may keep clients for as long as it lives."""
    name = f"functions.{function.replace('/', '.')}.handler"
    sys.modules.pop(name, None)
    module = importlib.import_module(name)
    found: Callable[[Any, Any], Any] = module.handler
    return found


def _changes(each: Exchange) -> bool:
    return each.status < 300 and not each.operation.startswith(_READS)  # noqa: PLR2004


def replayed(each: Recorded, stub: Stub) -> str:
    """Run a function in its environment on its recording, cold and warm; say what goes wrong.

    Notes the calls of a warm request.
    """
    url, session = stub.open(each.function)
    os.environ.update(each.variables, AWS_ENDPOINT_URL=url)
    environment.forget_cached()
    try:
        handler = handler_of(each.function)
        worker.check(handler(worker.event(each.event, 0), LambdaContext(remaining_ms=_TIME_MS)))
        cold = sorted(session.asked)
        for number in range(1, _WARM_CALLS + 1):
            event = worker.event(each.event, number)
            worker.check(handler(event, LambdaContext(remaining_ms=_TIME_MS)))
        each.warm_calls = (len(session.asked) - len(cold)) / _WARM_CALLS
    except Exception as error:  # noqa: BLE001  # as above
        return f"on its recording: {type(error).__name__}: {error}"
    expected = sorted(exchange.operation for exchange in each.exchanges)
    return "" if cold == expected else f"on its recording it called {cold}, not {expected}"
