"""What stands on either side of an operator: a path, a value, or the size of one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.lab.simulation.engine.errors import invalid
from tools.lab.simulation.engine.lexer import DocumentPath, Reader
from tools.lab.simulation.engine.paths import found
from tools.lab.simulation.engine.values import Value, bytes_of

Get = Callable[[Mapping[str, Value], Mapping[str, Value]], Value | None]
"""Gives an operand's value from an item and the expression's values."""


@dataclass(frozen=True, slots=True)
class Operand:
    """``path`` or ``ref`` (a placeholder) is set; ``sized`` stands for ``size(…)`` of it."""

    path: DocumentPath | None = None
    ref: str = ""
    sized: bool = False

    def getter(self) -> Get:
        """Return the function that finds the operand's value."""
        plain = self._plain()
        if not self.sized:
            return plain

        def get(item: Mapping[str, Value], values: Mapping[str, Value]) -> Value | None:
            value = plain(item, values)
            length = None if value is None else size_of(value)
            return None if length is None else {"N": str(length)}

        return get

    def _plain(self) -> Get:
        path, ref = self.path, self.ref
        if path is None:
            return lambda _, values: values[ref]
        if len(path) == 1:
            name: Any = path[0]
            return lambda item, _: item.get(name)
        return lambda item, _: found(item, path)

    def literal(self, values: Mapping[str, Value]) -> Value | None:
        """Return the value that is known without an item, if this operand has one."""
        return None if self.path is not None or self.sized else values[self.ref]

    def kind(self, values: Mapping[str, Value]) -> str:
        """Return the type that is known without an item; an empty text for a path."""
        if self.sized:
            return "N"
        literal = self.literal(values)
        return next(iter(literal)) if literal is not None else ""


def size_of(value: Value) -> int | None:
    """Return what ``size()`` gives: UTF-16 units, bytes or members; numbers and such have none."""
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content) if content.isascii() else len(content.encode("utf-16-le")) // 2
    if kind == "B":
        return len(bytes_of(content))
    return len(content) if kind in {"L", "M", "SS", "NS", "BS"} else None


def refuse_sizes(operands: Sequence[Operand], values: Mapping[str, Value], kind: str) -> None:
    """Refuse the size of a literal that has none."""
    for it in operands:
        if it.sized and it.path is None and size_of(values[it.ref]) is None:
            raise invalid(
                f"Invalid {kind}: Incorrect operand type for operator or function; operator or"
                f" function: size, operand type: {next(iter(values[it.ref]))}"
            )


def operand(reader: Reader) -> Operand:
    """Take an operand: a value, a path, or ``size(…)``."""
    if reader.peek().startswith(":"):
        return Operand(ref=reader.value())
    if reader.peek(1) == "(" and reader.peek()[:1].isalpha():
        return _size(reader)
    return Operand(path=reader.path())


def refuse_repetition(reader: Reader, operator: str, operands: Sequence[Operand]) -> None:
    """Refuse an operator whose first operand is a path that it is given again."""
    first, *others = operands
    if first.path is not None and not first.sized and first in others:
        raise reader.wrong(
            "The first operand must be distinct from the remaining operands for this operator or"
            f" function; operator: {operator}, first operand: {list(first.path)}"
        )


def _size(reader: Reader) -> Operand:
    name = reader.take()
    if name != "size":
        raise reader.wrong(
            f"The function is not allowed to be used this way in an expression; function: {name}"
            if name in _FUNCTIONS
            else f"Invalid function name; function: {name}"
        )
    reader.expect("(")
    inner = operand(reader)
    if reader.accept(","):
        raise reader.wrong(
            "Incorrect number of operands for operator or function; operator or function: size,"
            " number of operands: 2"
        )
    reader.expect(")")
    if inner.sized:
        raise reader.wrong(
            "The function is not allowed to be used this way in an expression; function: size"
        )
    return Operand(path=inner.path, ref=inner.ref, sized=True)


_FUNCTIONS = frozenset(
    {
        "attribute_exists",
        "attribute_not_exists",
        "attribute_type",
        "begins_with",
        "contains",
        "if_not_exists",
        "list_append",
    }
)
