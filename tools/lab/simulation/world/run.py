"""One run: a seed's workload in its world, watched by the checks, to the very end."""

import asyncio
import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Protocol

from tools.lab.simulation.world.cast import Actor
from tools.lab.simulation.world.faults import Fault, Plan
from tools.lab.simulation.world.installing import install
from tools.lab.simulation.world.state import state
from tools.lab.simulation.world.trace import Trace
from tools.lab.simulation.world.world import Watcher, World

MAX_STEPS = 60_000
"""Nothing may take longer than that to come to rest once faults are over."""
_FORTNIGHT = 14 * 86_400.0
"""So long dead letters are kept."""


class Workload(Protocol):
    """What people do."""

    def actors(self) -> Sequence[Actor]: ...
    def epilogue(self) -> Sequence[Actor]: ...


class Checks(Watcher, Protocol):
    """What has to hold: after every step, at every answer, and at rest.

    ``settled`` says that nothing fails and nothing is under way any more.
    """

    def settled(self) -> None: ...
    def at_quiescence(self) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a run went."""

    plan: Plan
    violation: AssertionError | None
    trace: Trace
    steps: int
    calls: Mapping[str, int]
    functions: Mapping[str, int]
    faults: Mapping[Fault, int]
    injected: int
    redriven: int
    world: World


class NeverAtRest(AssertionError):
    """Something goes on for ever."""


def run(
    seed: int = 0,
    *,
    workload: Callable[[World, Random], Workload],
    checks: Callable[[World], Checks],
    plan: Plan | None = None,
    verbose: bool = False,
) -> Result:
    """Run one plan (by default the dice of *seed*); a violation ends it and is in the result.

    Any other exception is a mistake of the simulator and is raised. *verbose* keeps the stacks of
    the errors that functions log.
    """
    plan = plan or Plan(seed=seed)
    world = World(plan, verbose=verbose)
    violation: AssertionError | None = None
    redriven = 0
    with _on(world):
        try:
            watching = checks(world)
            world.watchers.append(watching)
            acting = workload(world, Random(f"workload {plan.seed}"))
            redriven = _play(world, acting, watching)
            watching.at_quiescence()
        except AssertionError as found:
            violation = found
            world.trace.note("checks", "VIOLATION", "", str(found))
        finally:
            world.abandon()
    return Result(
        plan=plan,
        violation=violation,
        trace=world.trace,
        steps=world.step_number,
        calls=world.calls,
        functions=world.invocations,
        faults=Counter(world.faults.counts),
        injected=world.faults.injected,
        redriven=redriven,
        world=world,
    )


def _play(world: World, workload: Workload, checks: Checks) -> int:
    """Play the workload to its end and let the world come to rest; return the redriven."""
    for actor in workload.actors():
        world.spawn(actor)
    world.run(until=lambda: not world.acting or world.step_number >= world.plan.max_steps)
    if not world.plan.orderly:
        world.calm()
    _rest(world)
    if world.faults.old_code:  # what is put back then was written by code that is gone
        world.calm()
        world.wait(_FORTNIGHT)
        _rest(world)
    redriven = world.redrive()
    _rest(world)
    world.calm()  # in an orderly run faults may have come up to here
    world.settled_calls = len(world.callers)
    checks.settled()
    for actor in workload.epilogue():
        world.spawn(actor)
    _rest(world)
    return redriven


def _rest(world: World) -> None:
    world.run(until=lambda: world.step_number >= MAX_STEPS)
    if world.step_number >= MAX_STEPS:
        raise NeverAtRest(f"not at rest after {MAX_STEPS} steps")


_COLLECT_EVERY = 20
_runs = count(1)


class _on:  # noqa: N801  # reads as `with _on(world)`
    """Makes *world* the one that the product lives in."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __enter__(self) -> None:
        if state.world is not None:
            raise RuntimeError("one world at a time")
        state.world, state.clock = self._world, self._world.clock
        state.random = Random(f"product {self._world.plan.seed}")
        self._collects = gc.isenabled()
        gc.disable()  # a run is short; the collector took a third of it

    def __exit__(self, *_: object) -> None:
        state.world = state.clock = None
        asyncio.set_event_loop(install().loop)
        if self._collects:
            gc.enable()
        if next(_runs) % _COLLECT_EVERY == 0:
            gc.collect()


def lines(trace: Trace, *, last: int) -> Iterator[str]:
    """Yield the last lines of a trace."""
    every = list(trace.lines())
    yield from every[-last:]
