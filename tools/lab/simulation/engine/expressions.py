"""The expressions of a request: each text is read once and kept, each request is checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tools.lab.simulation.engine.conditions import Node, Test, compiled, condition
from tools.lab.simulation.engine.errors import Attributes, invalid, unreadable
from tools.lab.simulation.engine.lexer import DocumentPath, Reader
from tools.lab.simulation.engine.paths import refuse_overlaps
from tools.lab.simulation.engine.updates import Update, update
from tools.lab.simulation.engine.values import Value, stored

NAMES, VALUES = "ExpressionAttributeNames", "ExpressionAttributeValues"
_NO_NAMES: Mapping[str, str] = {}
_KEPT_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Expression:
    """A text that was read: what it refers to and, by its kind, what it says."""

    names: frozenset[str]
    values: frozenset[str]
    checks: tuple[Callable[[Mapping[str, Value]], None], ...] = ()
    node: Node | None = None
    test: Test | None = None
    update: Update | None = None
    paths: tuple[DocumentPath, ...] = ()


_kept: dict[tuple[str, str, tuple[tuple[str, str], ...]], Expression] = {}


def expressions(
    request: Mapping[str, Any], kinds: tuple[str, ...]
) -> tuple[dict[str, Expression], Attributes]:
    """Return the expressions of *request* among *kinds*, and its values as they are stored.

    Refuses names and values that are not defined or not used.
    """
    given: Mapping[str, str] = request.get(NAMES) or _NO_NAMES
    found = {
        kind: _read(kind, request[kind], given) for kind in kinds if request.get(kind) is not None
    }
    if not found:
        if NAMES in request or VALUES in request:
            raise _without_expressions(request, kinds)
        return found, {}
    values = _values(request)
    used_names, used_values = _used(found)
    for kind, it in found.items():
        missing = it.values - values.keys()
        if missing:
            raise invalid(
                f"Invalid {kind}: An expression attribute value used in expression is not"
                f" defined; attribute value: {min(missing)}"
            )
        for check in it.checks:
            check(values)
    _refuse_unused(VALUES, values.keys() - used_values)
    _refuse_unused(NAMES, given.keys() - used_names)
    return found, values


def _used(found: Mapping[str, Expression]) -> tuple[frozenset[str], frozenset[str]]:
    if len(found) == 1:
        (only,) = found.values()
        return only.names, only.values
    names, values = frozenset[str](), frozenset[str]()
    for it in found.values():
        names |= it.names
        values |= it.values
    return names, values


def _values(request: Mapping[str, Any]) -> Attributes:
    given = request.get(VALUES)
    if given is None:
        return {}
    if not given:
        raise invalid(f"{VALUES} must not be empty")
    if NAMES in request and not request[NAMES]:
        raise invalid(f"{NAMES} must not be empty")
    kept = {}
    for name, value in given.items():
        if not name.startswith(":") or len(name) == 1:
            raise invalid(f'{VALUES} contains invalid key: Syntax error; key: "{name}"')
        kept[name] = stored(value)[0]
    return kept


def _read(kind: str, text: Any, names: Mapping[str, str]) -> Expression:
    key = (kind, text, tuple(names.items()))
    kept = _kept.get(key)
    if kept is None:
        if len(_kept) >= _KEPT_AT_MOST:
            _kept.clear()
        kept = _kept[key] = _parsed(kind, text, names)
    return kept


def _parsed(kind: str, text: Any, names: Mapping[str, str]) -> Expression:
    if not isinstance(text, str):
        raise unreadable(f"{kind} is not a text")
    reader = Reader(kind, text, names)
    if kind == "UpdateExpression":
        change = update(reader)
        return Expression(
            frozenset(reader.names),
            frozenset(reader.values),
            tuple(change.checks),
            update=change,
            paths=change.paths,
        )
    if kind == "ProjectionExpression":
        paths = _projection(reader)
        return Expression(frozenset(reader.names), frozenset(), paths=paths)
    node = condition(reader)
    test, checks = compiled(node, kind)
    return Expression(
        frozenset(reader.names), frozenset(reader.values), tuple(checks), node=node, test=test
    )


def _projection(reader: Reader) -> tuple[DocumentPath, ...]:
    paths = [reader.path()]
    while reader.accept(","):
        paths.append(reader.path())
    reader.finish()
    refuse_overlaps(paths, reader.kind)
    return tuple(paths)


def _refuse_unused(parameter: str, unused: Any) -> None:
    if unused:
        shown = ", ".join(sorted(unused))
        raise invalid(f"Value provided in {parameter} unused in expressions: keys: {{{shown}}}")


def _without_expressions(request: Mapping[str, Any], kinds: tuple[str, ...]) -> Exception:
    parameter = VALUES if VALUES in request else NAMES
    return invalid(f"{parameter} can only be specified when using expressions: {kinds[0]} is null")
