"""Runs every function once on moto and records what AWS answered: ``FILE`` takes it as JSON.

A process of its own: it gives the process an environment and botocore a hook. Afterwards every
function has to succeed on its recording, cold and warm, with the calls that it made before.
"""

# ruff: noqa: E402  # moto and our own modules read the environment when they are imported
import os

os.environ["MOTO_ACCOUNT_ID"] = "000000000000"  # the templates' ARNs have this one

import asyncio
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.support import environment

environment.fix()

from botocore.loaders import JSONFileLoader
from moto import mock_aws

from tests.authorization.world import PLAYED, World, play
from tests.support.functions import sample_event
from tests.support.lambda_context import LambdaContext
from tools.bench import worker
from tools.bench.cases import Case, cases
from tools.bench.recorded import Recorded, write
from tools.bench.scene import EARLIER, derived, subscribe
from tools.bench.stub import Exchange, Stub
from tools.bench.tape import Tape
from tools.privileges.symbols import System

_READS = ("BatchGet", "Describe", "Get", "List", "Query", "Scan")
WARM_CALLS = 2


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
        found = {name: self._one(by_name[name]) for name in PLAYED if name in by_name}
        self._world.save()
        left = [case for case in wanted if case.function not in found]
        found |= {case.function: self._undone(case) for case in left if case.kind != "other"}
        subscribe(self._world)
        found |= {case.function: self._undone(case) for case in left if case.kind == "other"}
        return [found[case.function] for case in wanted]

    def _undone(self, case: Case) -> Recorded:
        """Record a function and leave no trace of it."""
        earlier = EARLIER.get(case.function, ())
        for function in earlier:
            self._run(function, sample_event(*function.split("/")))
        found = self._one(case)
        for function in (case.function, *earlier):
            self._world.enter(function)
            self._world.undo()
        return found

    def _one(self, case: Case) -> Recorded:
        known = Recorded(case.function)
        try:
            known.variables = self._world.variables(case.function)
            sample = sample_event(case.context, case.use_case)
            known.event = derived(case.function, sample, known.variables)
            with self._tape.recording() as known.exchanges:
                worker.check(self._run(case.function, worker.event(known.event, 0)))
            if case.kind == "consumer" and not any(map(_changes, known.exchanges)):
                known.refused = "it wrote and sent nothing: its sample is no news in this scene"
        except Exception as error:  # noqa: BLE001  # each has its own; all are shown
            known.refused = f"{type(error).__name__}: {error}"
        return known

    def _run(self, function: str, event: Any) -> Any:
        self._world.enter(function)
        os.environ.pop("RATE_LIMIT_FACTOR", None)  # the matrix asks more often than anybody may
        environment.forget_cached()  # as if cold
        return handler_of(function)(event, LambdaContext(remaining_ms=60_000))


def handler_of(function: str) -> Callable[[Any, Any], Any]:
    """Import a function as if for the first time: it may keep clients for as long as it lives."""
    name = f"functions.{function.replace('/', '.')}.handler"
    sys.modules.pop(name, None)
    module = importlib.import_module(name)
    found: Callable[[Any, Any], Any] = module.handler
    return found


def _changes(each: Exchange) -> bool:
    return each.status < 300 and not each.operation.startswith(_READS)  # noqa: PLR2004


def replay(recorded: list[Recorded]) -> None:
    """Have every function succeed on its recording; note why where it does not."""
    good = {each.function: each.exchanges for each in recorded if not each.refused}
    with Stub(good) as stub:
        for each in recorded:
            if each.function in good:
                with _entered(each) as open_session:
                    each.refused = _replayed(each, stub, open_session)


def _replayed(each: Recorded, stub: Stub, enter: Callable[[str], None]) -> str:
    url, session = stub.open(each.function)
    enter(url)
    handler = handler_of(each.function)
    try:
        worker.check(handler(worker.event(each.event, 0), LambdaContext(remaining_ms=60_000)))
        cold = sorted(session.asked)
        for number in range(1, WARM_CALLS + 1):
            event = worker.event(each.event, number)
            worker.check(handler(event, LambdaContext(remaining_ms=60_000)))
    except Exception as error:  # noqa: BLE001  # as above
        return f"on its recording: {type(error).__name__}: {error}"
    expected = sorted(exchange.operation for exchange in each.exchanges)
    return "" if cold == expected else f"on its recording it called {cold}, not {expected}"


@contextmanager
def _read_once() -> Iterator[None]:
    """Every function gets a botocore of its own; have them share what that reads of its files."""
    load = JSONFileLoader.load_file
    kept: dict[str, Any] = {}

    def cached(loader: JSONFileLoader, path: str) -> Any:
        if path not in kept:
            kept[path] = load(loader, path)
        return kept[path]

    with patch.object(JSONFileLoader, "load_file", cached):
        yield


@contextmanager
def _entered(each: Recorded) -> Iterator[Callable[[str], None]]:
    with patch.dict(os.environ, each.variables):

        def at(url: str) -> None:
            os.environ["AWS_ENDPOINT_URL"] = url
            environment.forget_cached()

        yield at


def main(file: Path) -> int:
    """Record and replay; 1 when there is nothing to record."""
    asyncio.set_event_loop(asyncio.new_event_loop())
    system, tape = System(), Tape()
    tape.install()
    with _read_once():
        with mock_aws():
            recorded = Recorder(World(system), tape).all(cases(system))
        replay(recorded)
    write(file, recorded)
    return 0 if recorded else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
