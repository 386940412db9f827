"""Runs tests on helpers that do nothing: plants as JSON on standard input, a verdict a line out.

What all tests need is loaded once; each plant has a process of its own, forked from there, in
which the module of the helper is changed the moment it has been loaded, before anybody could take
the helper from it. What is in the files stays as it is.
"""

import gc
import inspect
import json
import os
import resource
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

CONTROL = "-"
"""Stands for a row where nothing is planted."""
SECONDS = 120
"""Of processor time: a test that has taken these goes round in a circle."""
_OF_TESTS = ("tests", "tools")
"""Where an exception is the test's finding; one in the product may be the no-op's own fault."""
_WRAPPED = (classmethod, staticmethod, property)


def module_of(helper: str) -> str:
    """Return the module that *helper* (``path::name``) is in."""
    return helper.partition("::")[0].removesuffix(".py").replace("/", ".")


class Planter(MetaPathFinder):
    """Has a module loaded with *noop* in place of one of its names."""

    def __init__(self, helper: str, noop: str) -> None:
        self._module, self._name = module_of(helper), helper.partition("::")[2]
        self._noop = noop
        self.planted = False
        self.reached = 0

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._module:
            return None
        found = PathFinder.find_spec(fullname, path)
        if found is None or found.origin is None:
            return None
        loader = _Loader(fullname, found.origin, self._plant)
        return spec_from_file_location(fullname, found.origin, loader=loader)

    def _plant(self, module: ModuleType) -> None:
        *path, name = self._name.split(".")
        owner: Any = module
        for each in path:
            owner = getattr(owner, each)
        before = inspect.getattr_static(owner, name)
        noop = eval(self._noop, vars(module))  # noqa: S307  # ours: a line of rows.toml
        if isinstance(noop, FunctionType):
            noop = self._counted(noop)
        else:
            self.reached += 1  # a value is there for whoever reads it
        if isinstance(before, _WRAPPED):
            noop = type(before)(noop)
        setattr(owner, name, noop)
        self.planted = True

    def _counted(self, noop: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(noop)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.reached += 1
            return noop(*args, **kwargs)

        return counted


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, plant: Callable[[ModuleType], None]) -> None:
        super().__init__(fullname, path)
        self._change = plant

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        self._change(module)


class _Watch:
    """A pytest plugin that notes the first failure, and whether it is the test's own finding."""

    def __init__(self) -> None:
        self.said = ""
        self.is_finding = False

    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        if call.excinfo is None or self.said:
            return
        self.said = f"{call.excinfo.typename}: {call.excinfo.value}"[:300]
        raised_in = Path(os.path.relpath(call.excinfo.traceback[-1].path))
        in_test = raised_in.parts[0] in _OF_TESTS
        judged = isinstance(call.excinfo.value, AssertionError | pytest.fail.Exception)
        self.is_finding = call.when == "call" and (judged or in_test)


def run(tests: Sequence[str], planter: Planter | None) -> tuple[str, str]:
    """Run *tests* in this process; return the outcome, and what was said."""
    if planter:
        sys.meta_path.insert(0, planter)
    watch = _Watch()
    options = ["-x", "-qq", "-p", "no:randomly", "-p", "no:cacheprovider", "--tb=short"]
    # Plugins are among what was loaded before pytest could rewrite it: none of them is judged.
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    code = pytest.main([*options, *tests], plugins=[watch])
    if planter is None:
        return ("passes", "") if code == pytest.ExitCode.OK else ("fails", watch.said or str(code))
    return _judged(planter, watch, code)


def _judged(planter: Planter, watch: _Watch, code: int) -> tuple[str, str]:
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return "broken", watch.said or f"pytest ended with {code}: no test of that name?"
    if not planter.planted:
        return "broken", watch.said or "the test loads nothing of the helper's module"
    if not planter.reached:
        return "not reached", "the test never calls the helper"
    if code == pytest.ExitCode.OK:
        return "survived", "the test passes with a helper that does nothing"
    return ("caught" if watch.is_finding else "broken"), watch.said


def forked(work: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """Return what *work* returns, from a process of its own that says nothing else."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        try:
            answer = work()
        except BaseException as error:  # noqa: BLE001  # nothing may come back to the parent's loop
            answer = "broken", f"{type(error).__name__}: {error}"
        with os.fdopen(writer, "w") as out:
            json.dump(answer, out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answered:
        text = answered.read()
    os.waitpid(child, 0)
    outcome, said = json.loads(text) if text else ("broken", "the process was ended")
    return outcome, said


def _warm(helpers: Iterable[str]) -> None:
    """Load what all of the tests need, and no module that something is planted in."""
    import boto3  # noqa: PLC0415, F401
    import fastapi  # noqa: PLC0415, F401
    import hypothesis  # noqa: PLC0415, F401
    import jsonschema  # noqa: PLC0415, F401
    import mangum  # noqa: PLC0415, F401
    from moto.dynamodb import models  # noqa: PLC0415, F401

    if Path("tests/conftest.py").exists():
        import_module("tests.conftest")  # as pytest will in each of them
    early = [helper for helper in helpers if module_of(helper) in sys.modules]
    if early:
        raise RuntimeError(f"loaded too early to plant in: {early}")
    gc.collect()
    gc.freeze()


def main() -> None:
    """Answer with the tests as the code is, then with every plant."""
    plants = json.load(sys.stdin)
    _warm(plant["helper"] for plant in plants)
    tests = list(dict.fromkeys(plant["test"] for plant in plants))
    _say(forked(lambda: run(tests, None)), CONTROL, CONTROL, f"{len(tests)} tests")
    for plant in plants:
        planter = Planter(plant["helper"], plant["noop"])
        answer = forked(lambda test=plant["test"], planter=planter: run([test], planter))  # type: ignore[misc]  # bound now
        _say(answer, plant["row"], plant["helper"], plant["test"])


def _say(answer: tuple[str, str], row: str, helper: str, test: str) -> None:
    outcome, said = answer
    fact = {"row": row, "helper": helper, "test": test, "outcome": outcome, "said": said}
    print(json.dumps(fact), flush=True)


if __name__ == "__main__":
    main()
