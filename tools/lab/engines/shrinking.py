"""The shortest sequence that still shows a mismatch."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tools.lab.engines.difference import Step

Fails = Callable[[Sequence[Step]], bool]


def shortest(steps: Sequence[Step], fails: Fails) -> list[Step]:
    """Leave out steps, then parts of requests, as long as *fails* holds for what is left."""
    kept = _fewest(list(steps), fails)
    shrunk = True
    while shrunk:
        shrunk = False
        for candidate in _smaller(kept):
            if fails(candidate):
                kept, shrunk = candidate, True
                break
    return kept


def _fewest(steps: list[Step], fails: Fails) -> list[Step]:
    at = len(steps) - 1
    while at >= 0:
        candidate = steps[:at] + steps[at + 1 :]
        if candidate and fails(candidate):
            steps = candidate
        at -= 1
    return steps


def _smaller(steps: list[Step]) -> Iterator[list[Step]]:
    for number, (operation, request) in enumerate(steps):
        for path in list(_paths(request)):
            copy = json.loads(json.dumps(request))
            holder = copy
            for part in path[:-1]:
                holder = holder[part]
            del holder[path[-1]]
            yield [*steps[:number], (operation, copy), *steps[number + 1 :]]


def _paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to everything that can be left out, the largest first."""
    parts: list[Any] = []
    if isinstance(value, dict):
        parts = list(value)
    elif isinstance(value, list):
        parts = list(range(len(value)))
    for part in parts:
        if part not in _NEEDED:
            yield (*before, part)
    for part in parts:
        yield from _paths(value[part], (*before, part))


_NEEDED = frozenset({"TableName", "Key", "pk", "sk", "S", "N", "B"})
