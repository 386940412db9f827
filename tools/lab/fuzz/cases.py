"""Case *number* of seed *seed*: always the same request about the same things."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from urllib.parse import quote

from tools.lab.fuzz.attacks import bodies, events, headers, targets
from tools.lab.fuzz.request import Request
from tools.lab.fuzz.samples import Document, Operation, Sampler
from tools.lab.fuzz.scene import ADMIN, CUSTOMER, OTHER, Scene

Attack = Callable[[Request, Random], Request]

ON_THE_WIRE: tuple[Attack, ...] = (*bodies.ATTACKS, *headers.ATTACKS, *targets.ATTACKS)
"""What any client can do."""

IN_PROCESS: tuple[Attack, ...] = (*ON_THE_WIRE, *events.ATTACKS)
"""And what only a gateway could."""

_HOW_MANY = (0, *[1] * 6, 2, 2, 3)
_MORE_VALUES = 8  # the attack of which there are most kinds
_CALLERS = (*[ADMIN] * 5, *[CUSTOMER] * 3, OTHER, "")


@dataclass(frozen=True, slots=True)
class Case:
    """An operation, the request that ought to succeed, and what is done to it."""

    seed: int
    number: int
    operation: Operation
    base: Request
    attacks: tuple[Attack, ...]
    decoded: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the attacks."""
        return tuple(attack.__name__ for attack in self.attacks)

    def request(self) -> Request:
        """Return the request, attacked."""
        request = self.base
        for attack in self.attacks:
            dice = Random(f"{self.seed}/{self.number}/{attack.__name__}")
            request = attack(request, dice)
        return request


class Cases:
    """Makes cases for a document, about a scene, of the attacks that there are."""

    def __init__(
        self,
        document: Document,
        operations: Sequence[Operation],
        scene: Scene,
        attacks: Sequence[Attack] = IN_PROCESS,
    ) -> None:
        self._document = document
        self._operations = operations
        self._scene = scene
        self._attacks = attacks

    def case(self, seed: int, number: int) -> Case:
        """Return one case."""
        dice = Random(f"{seed}/{number}")
        operation = self._operations[number % len(self._operations)]
        known = self._scene.known(operation, dice, number)
        base = self._base(operation, Sampler(self._document, dice, known), dice)
        pool = (
            [*self._attacks, *[bodies.hostile_value] * _MORE_VALUES]
            if base.body
            else self._attacks
        )
        attacks = tuple(dict.fromkeys(dice.sample(pool, dice.choice(_HOW_MANY))))
        return Case(seed, number, operation, base, attacks, dice.random() < 0.3)

    def _base(self, operation: Operation, sampler: Sampler, dice: Random) -> Request:
        path, query, found = operation.path, [], []
        for parameter in operation.parameters:
            name, place = parameter["name"], parameter["in"]
            if place != "path" and dice.random() > 0.3:
                continue
            value = sampler.value({**parameter["schema"], **_example(parameter)}, name)
            if place == "path":
                path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
            elif place == "query":
                query.append(f"{name}={quote(_text(value))}")
            else:
                found.append((name, _text(value)))
        body: bytes | None = None
        if operation.body and (operation.body_required or dice.random() < 0.7):
            body = json.dumps(sampler.value(operation.body)).encode()
            found.append(("Content-Type", "application/json"))
        request = Request(operation.method, path, "&".join(query), tuple(found), body)
        return replace(request, token=dice.choice(_CALLERS))


def _example(parameter: Any) -> dict[str, Any]:
    return {"examples": [parameter["example"]]} if "example" in parameter else {}


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)
