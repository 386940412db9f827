"""Update expressions: read into actions, then applied to a copy of an item."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tools.lab.simulation.engine import paths
from tools.lab.simulation.engine.assignments import Assign, assignment
from tools.lab.simulation.engine.errors import Attributes
from tools.lab.simulation.engine.lexer import DocumentPath, Reader
from tools.lab.simulation.engine.members import add, subtract
from tools.lab.simulation.engine.values import Value

_SECTIONS = ("SET", "REMOVE", "ADD", "DELETE")


@dataclass(slots=True)
class Update:
    """The actions of one update expression, by section; each names the path it changes."""

    sets: list[tuple[DocumentPath, Assign]] = field(default_factory=list)
    removes: list[DocumentPath] = field(default_factory=list)
    adds: list[tuple[DocumentPath, str]] = field(default_factory=list)
    deletes: list[tuple[DocumentPath, str]] = field(default_factory=list)
    checks: list[Callable[[Mapping[str, Value]], None]] = field(default_factory=list)
    paths: tuple[DocumentPath, ...] = ()

    def apply(self, item: Mapping[str, Value], values: Mapping[str, Value]) -> Attributes:
        """Return the changed item; every operand is read from *item* as it was before.

        `InvalidChange` where the item does not allow it.
        """
        computed = [(path, assign(item, values)) for path, assign in self.sets]
        changed = dict(item)
        for path, value in sorted(computed, key=lambda pair: _depth_first(pair[0])):
            paths.put(changed, path, value)
        for path, ref in self.adds:
            paths.put(changed, path, add(paths.found(item, path), values[ref]))
        for path, ref in self.deletes:
            before = paths.found(item, path)
            after = subtract(before, values[ref])
            if after is not None:
                paths.put(changed, path, after)
            else:
                paths.remove(changed, path)
        for path in sorted(self.removes, key=_depth_first, reverse=True):
            paths.remove(changed, path)
        return changed


def update(reader: Reader) -> Update:
    """Take a whole update expression."""
    found = Update()
    done: set[str] = set()
    touched: list[DocumentPath] = []
    while reader.peek():
        section = reader.keyword()
        if section not in _SECTIONS:
            raise reader.unexpected()
        if section in done:
            raise reader.wrong(
                f'The "{section}" section can only be used once in an update expression;'
            )
        done.add(section)
        reader.take()
        touched.append(_action(reader, section, found))
        while reader.accept(","):
            touched.append(_action(reader, section, found))
    paths.refuse_overlaps(touched, reader.kind)
    found.paths = tuple(touched)
    return found


def _action(reader: Reader, section: str, found: Update) -> DocumentPath:
    path = reader.path()
    if section == "SET":
        reader.expect("=")
        assign, checks = assignment(reader)
        found.sets.append((path, assign))
        found.checks.extend(checks)
    elif section == "REMOVE":
        found.removes.append(path)
    else:
        ref = reader.value()
        (found.adds if section == "ADD" else found.deletes).append((path, ref))
        found.checks.append(_member_check(section, ref, reader))
    return path


def _member_check(section: str, ref: str, reader: Reader) -> Callable[[Mapping[str, Value]], None]:
    allowed = ("SS", "NS", "BS") if section == "DELETE" else ("N", "SS", "NS", "BS")

    def check(values: Mapping[str, Value]) -> None:
        (kind,) = values[ref]
        if kind not in allowed:
            raise reader.wrong(
                "Incorrect operand type for operator or function; operator:"
                f" {section}, operand type: {kind}, typeSet: ALLOWED_FOR_{section}_OPERAND"
            )

    return check


def _depth_first(path: DocumentPath) -> list[tuple[bool, int, str]]:
    """Order list positions by number, so that what is appended keeps its order."""
    return [(True, step, "") if isinstance(step, int) else (False, 0, step) for step in path]
