"""Who should have heard of an event: the checks' own reading of the templates.

The world finds a rule's consumer by its queue and matches with the product's code. Here a target's
name says whose it is, and a matcher of its own, made from the EventBridge user guide (the pages on
comparison operators, `$or` and arrays), says what comes through: it takes an event apart into its
leaves and asks for each field of a pattern whether there is one.

An event type belongs to one context, so a rule that names the type is meant for it: the source
that it names as well has no say here. A rule with a wrong source sends its consumer nothing, and
that is to be seen.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any

from tools.check.project import ROOT, template_paths
from tools.local.templates import load_template

Path = tuple[str, ...]
Places = Mapping[tuple[int, int], int]
"""Which element of each array on its way a leaf is in: depth and nesting → position."""
Leaf = tuple[Path, Any, Places]
Leaves = Mapping[Path, list[Leaf]]
Wish = tuple[Path, list[Any]]
_NOWHERE: Places = MappingProxyType({})


@cache
def rules(root: FilePath = ROOT) -> tuple[tuple[str, list[list[Wish]]], ...]:
    """Return each rule's consumer, and what it wishes for in an event but for its source."""
    return tuple(
        (target["Id"], _wishes({k: v for k, v in rule["EventPattern"].items() if k != "source"}))
        for path in template_paths(root)
        for resource in load_template(path)["Resources"].values()
        if resource["Type"] == "AWS::Events::Rule"
        for rule in (resource["Properties"],)
        for target in rule["Targets"]
    )


def consumers(event: Mapping[str, Any]) -> list[str]:
    """Return everybody who should hear of *event*, an item of an events' log."""
    leaves = _by_path(_leaves({"detail-type": event["type"], "detail": event}))
    return [consumer for consumer, wishes in rules() if _comes_true(wishes, leaves)]


def lets_through(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Tell whether a rule with *pattern* sends *event* on."""
    return _comes_true(_wishes(pattern), _by_path(_leaves(event)))


def _by_path(leaves: Iterator[Leaf]) -> Leaves:
    found: dict[Path, list[Leaf]] = {}
    for leaf in leaves:
        found.setdefault(leaf[0], []).append(leaf)
    return found


def _comes_true(alternatives: list[list[Wish]], leaves: Leaves) -> bool:
    return any(_all_found(wishes, leaves, _NOWHERE) for wishes in alternatives)


def _leaves(
    value: Any, path: Path = (), places: Places = _NOWHERE, nested: int = 0
) -> Iterator[Leaf]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name), places, 0)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            inside = {**places, (len(path), nested): position}
            yield from _leaves(inner, path, inside, nested + 1)
    else:
        yield path, value, places


def _wishes(pattern: Mapping[str, Any], path: Path = ()) -> list[list[Wish]]:
    """Return the alternatives that ``$or`` makes; all wishes of one have to come true."""
    found: list[list[Wish]] = [[]]
    for name, wanted in pattern.items():
        if name == "$or":
            more = [one for each in wanted for one in _wishes(each, path)]
        elif isinstance(wanted, dict):
            more = _wishes(wanted, (*path, name))
        else:
            more = [[((*path, name), wanted)]]
        found = [[*before, *after] for before in found for after in more]
    return found


def _all_found(wishes: list[Wish], leaves: Leaves, places: Places) -> bool:
    """Tell whether every wish has its leaf, none of them in different elements of an array."""
    if not wishes:
        return True
    (path, values), *others = wishes
    here = leaves.get(path, [])
    absent = any(isinstance(each, dict) and each.get("exists") is False for each in values)
    if absent and not here:
        return _all_found(others, leaves, places)
    for _, value, inside in here:
        together = all(places.get(array, at) == at for array, at in inside.items())
        if together and any(_is(value, each) for each in values):
            both = {**places, **inside}
            if _all_found(others, leaves, both):
                return True
    return False


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        ((operator, operand),) = wanted.items()
        return _OPERATORS[operator](value, operand)
    if _number(value) and _number(wanted):
        return bool(value == wanted)
    return type(value) is type(wanted) and bool(value == wanted)


def _anything_but(value: Any, operand: Any) -> bool:
    several = operand if isinstance(operand, list) else [operand]
    return not any(_is(value, each) for each in several)


def _numeric(value: Any, operand: list[Any]) -> bool:
    pairs = zip(operand[::2], operand[1::2], strict=True)
    return _number(value) and all(_within(value, sign, bound) for sign, bound in pairs)


def _within(value: float, sign: str, bound: float) -> bool:
    if value == bound:
        return sign in ("=", ">=", "<=")
    return sign in ((">", ">=") if value > bound else ("<", "<="))


def _number(value: Any) -> bool:
    return type(value) in (int, float)


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "exists": lambda _, wanted: bool(wanted),
    "prefix": lambda value, start: isinstance(value, str) and value[: len(start)] == start,
    "suffix": lambda value, end: isinstance(value, str) and value[len(value) - len(end) :] == end,
    "anything-but": _anything_but,
    "numeric": _numeric,
}
"""By name; one that stands not here is a ``KeyError``: the checks guess nothing."""
