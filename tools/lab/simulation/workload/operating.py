"""Whoever is on call: replays events, puts dead letters back and rebuilds, while people buy."""

from collections.abc import Generator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tools.lab.simulation.workload.ports import Actor, Errand, Wait
from tools.lab.simulation.workload.scene import Scene

MIGRATE = "operations.run_migrations"
REBUILD = "operators.rebuild"
REDRIVE = "operations.redrive_dead_letters"
REPLAY = "operations.replay_events"

_PATIENCE = 12
_TIMES = 5
"""How often a rebuild is begun anew: it makes dozens of calls, and any may be its end."""
_BEGINNING = "2025-12-31T00:00:00Z"
_SUMMARIES = "customers.project_customer_summary"


def rebuilder(scene: Scene, *, times: int) -> Actor:
    """Rebuild customers' summaries; what was interrupted is given up and begun anew."""
    yield from _opened(scene)
    for _ in range(times):
        yield scene.dice.choice((0.0, 0.5, 2.0, 10.0))
        for _ in range(_TIMES):
            errand = scene.shop.ask(REBUILD, {})
            if scene.dice.random() < 0.1:  # somebody else has the same idea
                yield scene.shop.ask(REBUILD, {})
            if scene.dice.random() < 0.15:  # and somebody takes it for interrupted
                yield scene.dice.uniform(0.5, 4.0)
                yield scene.shop.ask(REBUILD, {"abandon": True})
            yield errand
            if errand.result is not None:
                break
            yield scene.dice.uniform(0.0, 20.0)
            yield scene.shop.ask(REBUILD, {"abandon": True})


def migrator(scene: Scene) -> Actor:
    """Bring stored data up to date while people buy; who goes on may cut it otherwise."""
    yield from _opened(scene)
    yield scene.dice.choice((1.0, 5.0, 20.0))
    scene.shop.renew()
    contexts = ["catalog", "identity", "orders"]
    if scene.dice.random() < 0.5:
        context = scene.dice.choice(contexts)
        yield from _through(scene, MIGRATE, {"context": context, "dry_run": True, "segments": 2})
    while contexts:
        context = scene.dice.choice(contexts)
        asked = {"context": context, "segments": scene.dice.choice((1, 2, 3, 4))}
        errand = scene.shop.ask(MIGRATE, asked)
        if scene.dice.random() < 0.2:  # two at once do the same work twice
            yield scene.shop.ask(MIGRATE, asked)
        yield errand
        if errand.result is not None and errand.result["done"]:
            contexts.remove(context)
        elif errand.result is None:
            yield scene.dice.uniform(0.0, 30.0)


def replayer(scene: Scene, consumers: list[str], *, times: int) -> Actor:
    """Give one consumer the past again: an order's, or all of it, in segments side by side."""
    yield from _opened(scene)
    for turn in range(times):
        yield scene.dice.choice((1.0, 5.0, 30.0, 300.0))
        consumer = scene.dice.choice((*consumers, _SUMMARIES))
        asked: dict[str, Any] = {"consumer": consumer}
        if consumer == _SUMMARIES and scene.dice.random() < 0.7:
            asked["rebuild"] = f"run-{turn}"
        orders = scene.orders()
        if orders and scene.dice.random() < 0.2:
            asked["aggregate"] = f"Order#{scene.dice.choice(orders)[1]}"
            yield from _through(scene, REPLAY, asked)
            continue
        since, until = yield from _span(scene)
        asked |= {"since": since, "until": until}
        segments = scene.dice.choice((1, 2, 3))
        parts = [asked | {"segment": each, "segments": segments} for each in range(segments)]
        begun = [scene.shop.ask(REPLAY, each) for each in parts]
        for part, errand in zip(parts, begun, strict=True):
            yield errand
            yield from _through(scene, REPLAY, part, errand)


def _span(scene: Scene) -> Generator[Wait, None, tuple[str, str]]:
    """Return all of the past, or what ends or begins with something that happened to an order."""
    begin, end = _BEGINNING, _now(scene)
    if scene.orders() and scene.dice.random() < 0.5:
        path = f"/api/v1/orders/{scene.dice.choice(scene.orders())[1]}/history"
        seen = yield from scene.admin.once("GET", path)
        if seen is not None and seen.status == 200:
            moment = scene.dice.choice(seen.data["items"])["occurred_at"]
            return (moment, end) if scene.dice.random() < 0.3 else (begin, moment)
    return begin, end


def redriver(scene: Scene, consumers: list[str], *, times: int) -> Actor:
    """Look how many dead letters there are, at some of them, and put them back."""
    yield from _opened(scene)
    for _ in range(times):
        yield scene.dice.choice((30.0, 300.0, 1_500.0))
        told = scene.shop.ask(REDRIVE, {})
        yield told
        letters = (told.result or {}).get("dead_letters", {})
        waiting = [each for each in consumers if letters.get(each)] or consumers
        consumer = scene.dice.choice(waiting)
        if scene.dice.random() < 0.3:
            yield scene.shop.ask(REDRIVE, {"consumer": consumer, "look": True})
        limit = scene.dice.choice((1, 3, 1_000))
        yield from _through(scene, REDRIVE, {"consumer": consumer, "limit": limit})


def _through(
    scene: Scene, function: str, asked: Mapping[str, Any], errand: Errand | None = None
) -> Generator[Wait, None, None]:
    """Ask until it is done: on from where it stopped, or again where nobody knows."""
    position: Any = None
    for _ in range(_PATIENCE):
        if errand is None:
            more = {} if position is None else {"position": position}
            errand = scene.shop.ask(function, {**asked, **more})
            yield errand
        if errand.result is not None:
            if errand.result.get("done", True):
                return
            position = errand.result["position"]
        else:
            yield scene.dice.uniform(0.0, 10.0)
        errand = None


def _opened(scene: Scene) -> Actor:
    while not scene.open:
        yield 0.5


def _now(scene: Scene) -> str:
    """Return a time after everything that has happened so far, whatever the clocks say."""
    now = datetime.fromtimestamp(scene.shop.clock.now, UTC) + timedelta(days=1)
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
