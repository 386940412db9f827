"""The right side of SET: an operand, a sum, a difference, or a function of operands."""

from collections.abc import Callable, Mapping

from tools.lab.simulation.engine import numbers
from tools.lab.simulation.engine.errors import InvalidChange
from tools.lab.simulation.engine.lexer import Reader
from tools.lab.simulation.engine.members import WRONG_TYPE
from tools.lab.simulation.engine.paths import found
from tools.lab.simulation.engine.values import Value

Values = Mapping[str, Value]
Assign = Callable[[Mapping[str, Value], Values], Value]
Check = Callable[[Values], None]
_MISSING = "The provided expression refers to an attribute that does not exist in the item"


def assignment(reader: Reader) -> tuple[Assign, list[Check]]:
    """Take what follows ``=``: a function of the old item, and checks of its literals."""
    checks: list[Check] = []
    return _sum_or_operand(reader, checks), checks


def _sum_or_operand(reader: Reader, checks: list[Check]) -> Assign:
    left = _operand(reader, checks)
    operator = reader.peek()
    if operator not in ("+", "-"):
        return left
    reader.take()
    right = _operand(reader, checks)
    for side in (left, right):
        checks.extend(_literals(reader, side, operator, "N"))
    return _sum(left, right, 1 if operator == "+" else -1)


def _operand(reader: Reader, checks: list[Check]) -> Assign:
    if reader.peek().startswith(":"):
        return _Literal(reader.value())
    if reader.peek(1) == "(" and reader.peek()[:1].isalpha():
        return _function(reader, checks)
    if reader.peek() == "(":
        return reader.enclosed(lambda it: _sum_or_operand(it, checks))
    path = reader.path()

    def read(item: Mapping[str, Value], _: Values) -> Value:
        value = found(item, path)
        if value is None:
            raise InvalidChange(_MISSING)
        return value

    return read


class _Literal:
    """A value of the request."""

    def __init__(self, ref: str) -> None:
        self.ref = ref

    def __call__(self, _: Mapping[str, Value], values: Values) -> Value:
        return values[self.ref]


def _function(reader: Reader, checks: list[Check]) -> Assign:
    name = reader.take()
    if name not in ("if_not_exists", "list_append"):
        raise reader.wrong(f"Invalid function name; function: {name}")
    reader.expect("(")
    if name == "if_not_exists":
        return _if_not_exists(reader, checks)
    left = _operand(reader, checks)
    reader.expect(",")
    right = _operand(reader, checks)
    reader.expect(")")
    checks.extend(_literals(reader, left, name, "L"))
    checks.extend(_literals(reader, right, name, "L"))

    def join(item: Mapping[str, Value], values: Values) -> Value:
        one, two = left(item, values), right(item, values)
        if "L" not in one or "L" not in two:
            raise InvalidChange(WRONG_TYPE)
        return {"L": one["L"] + two["L"]}

    return join


def _if_not_exists(reader: Reader, checks: list[Check]) -> Assign:
    if reader.peek().startswith(":"):
        raise reader.wrong(
            "Operator or function requires a document path; operator or function: if_not_exists"
        )
    path = reader.path()
    reader.expect(",")
    otherwise = _operand(reader, checks)
    reader.expect(")")

    def read(item: Mapping[str, Value], values: Values) -> Value:
        value = found(item, path)
        return otherwise(item, values) if value is None else value

    return read


def _sum(left: Assign, right: Assign, sign: int) -> Assign:
    def total(item: Mapping[str, Value], values: Values) -> Value:
        one, two = left(item, values), right(item, values)
        if "N" not in one or "N" not in two:
            raise InvalidChange(WRONG_TYPE)
        return {"N": numbers.added(one["N"], two["N"], sign)}

    return total


def _literals(reader: Reader, operand: Assign, name: str, wanted: str) -> list[Check]:
    if not isinstance(operand, _Literal):
        return []

    def check(values: Values) -> None:
        (kind,) = values[operand.ref]
        if kind != wanted:
            raise reader.wrong(
                "Incorrect operand type for operator or function; operator or function:"
                f" {name}, operand type: {kind}"
            )

    return [check]
