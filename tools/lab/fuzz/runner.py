"""Runs cases against the handlers in this process, and says how to run a failing one again."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shared.platform.http.middleware.envelope import EnvelopeMiddleware
from tools.docs.openapi.document import assemble
from tools.lab.fuzz.cases import Case, Cases
from tools.lab.fuzz.contract import Contract
from tools.lab.fuzz.oracle import Problem, evaluate
from tools.lab.fuzz.request import Request
from tools.lab.fuzz.rig import Rig
from tools.lab.fuzz.samples import operations
from tools.lab.fuzz.scene import Scene, made
from tools.lab.fuzz.shrinking import shrunk

EPOCH = 1_000
"""Requests after which the tables are emptied and the scene is set again."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that showed a problem, made small."""

    seed: int
    number: int
    route: str
    problems: tuple[Problem, ...]
    attacks: tuple[str, ...]
    event: str
    alone: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        """What kinds of problem it shows."""
        return tuple(sorted({problem.kind for problem in self.problems}))

    def __str__(self) -> str:
        made = ", ".join(self.attacks) or "none"
        lines = [f"{self.route}: {'; '.join(self.kinds)}  (attacks: {made})"]
        lines += [f"    {problem.kind}: {problem.detail}" for problem in self.problems]
        if not self.alone:
            lines.append("    needs the requests before it: the replay sends those, too")
        lines += [
            f"    event: {self.event}",
            f"    replay: make fuzz SEED={self.seed} ONLY={self.number}",
        ]
        return "\n".join(lines)


@dataclass(slots=True)
class Tally:
    """What was sent and what came back."""

    requests: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    attacks: Counter[str] = field(default_factory=Counter)
    writes: int = 0
    failures: list[Failure] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take in another tally."""
        self.requests += other.requests
        self.statuses += other.statuses
        self.attacks += other.attacks
        self.writes += other.writes
        self.failures += other.failures


class Runner:
    """Sends cases to the functions of a rig; *only* names the routes to attack, by a part."""

    def __init__(self, rig: Rig, *, only: str = "") -> None:
        self.rig = rig
        self.document: dict[str, Any] = assemble(rig.endpoints)
        found = operations(self.document)
        self.operations = [each for each in found if only in f"{each.name} {each.function}"]
        self._bare = {
            endpoint.route.function
            for endpoint in rig.endpoints
            if EnvelopeMiddleware not in endpoint.app.chain
        }
        self._contract = Contract(self.document)
        self._scene: Scene | None = None
        self._explained_already: set[tuple[str, frozenset[str]]] = set()

    def epoch(self, seed: int, numbers: Sequence[int]) -> Tally:
        """Run these cases, one after the other, on a fresh scene.

        Of the failures of a route that look alike only the first is made small and reported.
        """
        tally = Tally()
        cases = self._cases()
        for number in numbers:
            case = cases.case(seed, number)
            problems = self._run(case, case.request(), tally)
            known = case.operation.name, frozenset(problem.kind for problem in problems)
            if problems and known not in self._explained_already:
                self._explained_already.add(known)
                tally.failures.append(self._explained(case, problems, numbers))
                cases = self._cases()
        return tally

    def replay(self, seed: int, number: int) -> Tally:
        """Run one case on a fresh scene; if nothing is wrong, the whole epoch up to it."""
        self._explained_already.clear()
        tally = self.epoch(seed, [number])
        start = number - number % EPOCH
        return tally if tally.failures else self.epoch(seed, range(start, number + 1))

    def _cases(self) -> Cases:
        self._scene = made(self.rig)
        return Cases(self.document, self.operations, self._scene)

    def _run(self, case: Case, request: Request, tally: Tally | None = None) -> list[Problem]:
        assert self._scene is not None
        outcome = self._scene.send(case.operation.function, request, decoded=case.decoded)
        problems = evaluate(outcome, bare=case.operation.function in self._bare)
        problems += _wrongly_answered(self._scene, request)
        problems += self._contract.broken(case, request, outcome)
        if tally is not None:
            status = outcome.answer["statusCode"] if outcome.answer else 0
            tally.requests += 1
            tally.statuses[case.operation.name, status] += 1
            tally.attacks.update(case.names)
            tally.writes += len(outcome.writes)
        return problems

    def _explained(
        self, case: Case, problems: Sequence[Problem], numbers: Sequence[int]
    ) -> Failure:
        kinds = {problem.kind for problem in problems}

        def fails(request: Request) -> bool:
            return kinds <= {problem.kind for problem in self._run(case, request)}

        self._cases()
        alone = fails(case.request())
        attacks, request = shrunk(case, fails) if alone else (case.names, case.request())
        found = self._run(case, request) if alone else list(problems)
        shown = {k: v for k, v in _shown(replace(request, edits=())) if v}
        shown |= {f"event.{key}": repr(value)[:500] for key, value in request.edits}
        return Failure(
            case.seed, case.number, case.operation.name, tuple(found), attacks,
            json.dumps(shown, ensure_ascii=True), alone,
        )  # fmt: skip


def _wrongly_answered(scene: Scene, request: Request) -> list[Problem]:
    """Return what is wrong with the authorizer's word: no client can make it give up."""
    said = scene.last_caller
    if said.get("kind") in ("anonymous", "invalid", "user"):
        return []
    return [Problem("authorizer gave up", f"{said} for {request.header('authorization')!r}")]


def _shown(request: Request) -> Iterator[tuple[str, Any]]:
    yield "method", request.method
    yield "path", request.path[:500]
    yield "query", request.query[:500]
    yield "headers", {name: value[:300] for name, value in request.headers}
    yield "body", (request.body or b"").decode("utf-8", "backslashreplace")[:1_000]
    yield "caller", request.token
