"""The functions of conditions and filters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tools.lab.simulation.engine.errors import invalid
from tools.lab.simulation.engine.lexer import Reader
from tools.lab.simulation.engine.operands import Get, Operand, refuse_repetition
from tools.lab.simulation.engine.operators import Test
from tools.lab.simulation.engine.values import Value, bytes_of

_TYPES = frozenset({"S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS"})
_MEMBERS_OF = {"SS": "S", "NS": "N", "BS": "B"}


@dataclass(frozen=True, slots=True)
class Function:
    """*allowed* are the types that a literal operand may have, by its position."""

    name: str
    arity: int
    compile: Callable[[Sequence[Get]], Test]
    of_path: bool = False
    allowed: Mapping[int, frozenset[str]] | None = None

    def refuse_shape(self, reader: Reader, operands: Sequence[Operand]) -> None:
        """Refuse what is wrong whatever the values are."""
        if len(operands) != self.arity:
            raise reader.wrong(
                "Incorrect number of operands for operator or function; operator or function:"
                f" {self.name}, number of operands: {len(operands)}"
            )
        if self.of_path and (operands[0].path is None or operands[0].sized):
            raise reader.wrong(
                f"Operator or function requires a document path; operator or function: {self.name}"
            )
        if self.name == "attribute_type" and operands[1].path is not None:
            raise reader.wrong(
                "Incorrect operand type for operator or function; operator or function:"
                " attribute_type, operand type: a path"
            )
        refuse_repetition(reader, self.name, operands)

    def checks(
        self, operands: Sequence[Operand], kind: str
    ) -> Iterator[Callable[[Mapping[str, Value]], None]]:
        """Yield what must be asked of the literals of each request."""
        for position, allowed in (self.allowed or {}).items():
            yield _literal_check(self.name, operands[position], allowed, kind)
        if self.name == "attribute_type":
            yield _type_check(operands[1], kind)


def _literal_check(
    name: str, operand: Operand, allowed: frozenset[str], kind: str
) -> Callable[[Mapping[str, Value]], None]:
    def check(values: Mapping[str, Value]) -> None:
        found = operand.kind(values)
        if found and found not in allowed:
            raise invalid(
                f"Invalid {kind}: Incorrect operand type for operator or function; operator or"
                f" function: {name}, operand type: {found}"
            )

    return check


def _type_check(operand: Operand, kind: str) -> Callable[[Mapping[str, Value]], None]:
    def check(values: Mapping[str, Value]) -> None:
        literal = operand.literal(values)
        if literal is not None and literal.get("S") not in _TYPES:
            raise invalid(
                f"Invalid {kind}: Invalid attribute type name found; type: {literal.get('S')},"
                f" valid types: {{{','.join(sorted(_TYPES))}}}"
            )

    return check


def _exists(gets: Sequence[Get]) -> Test:
    (get,) = gets
    return lambda item, values: get(item, values) is not None


def _not_exists(gets: Sequence[Get]) -> Test:
    (get,) = gets
    return lambda item, values: get(item, values) is None


def _has_type(gets: Sequence[Get]) -> Test:
    get, kind = gets

    def test(item: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
        value, wanted = get(item, values), kind(item, values)
        return value is not None and wanted is not None and wanted.get("S") in value

    return test


def _begins(gets: Sequence[Get]) -> Test:
    def test(item: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
        value, start = (get(item, values) for get in gets)
        if value is None or start is None or value.keys() != start.keys():
            return False
        if "S" in value:
            return bool(value["S"].startswith(start["S"]))
        return "B" in value and bytes_of(value["B"]).startswith(bytes_of(start["B"]))

    return test


def _contains(gets: Sequence[Get]) -> Test:
    def test(item: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
        holder, part = (get(item, values) for get in gets)
        return holder is not None and part is not None and _is_in(part, holder)

    return test


def _is_in(part: Value, holder: Value) -> bool:
    ((kind, content),) = holder.items()
    if kind == "L":
        return part in content
    if kind in _MEMBERS_OF:
        member = part.get(_MEMBERS_OF[kind])
        return member is not None and member in content
    if kind == "S":
        return "S" in part and part["S"] in content
    return kind == "B" and "B" in part and bytes_of(part["B"]) in bytes_of(content)


_TEXTS = frozenset({"S", "B"})
FUNCTIONS = {
    function.name: function
    for function in (
        Function("attribute_exists", 1, _exists, of_path=True),
        Function("attribute_not_exists", 1, _not_exists, of_path=True),
        Function("attribute_type", 2, _has_type, of_path=True, allowed={1: frozenset({"S"})}),
        Function("begins_with", 2, _begins, allowed={0: _TEXTS, 1: _TEXTS}),
        Function("contains", 2, _contains),
    )
}
