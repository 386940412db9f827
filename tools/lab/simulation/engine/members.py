"""ADD and DELETE: arithmetic on numbers, union and difference of sets."""

from tools.lab.simulation.engine import numbers
from tools.lab.simulation.engine.errors import InvalidChange
from tools.lab.simulation.engine.values import Value, set_member_order

WRONG_TYPE = "An operand in the update expression has an incorrect data type"


def add(before: Value | None, given: Value) -> Value:
    """Return the number or set with *given* added; what is missing starts at zero or empty."""
    if before is None:
        return given
    ((kind, content),) = given.items()
    if kind not in before:
        raise InvalidChange(WRONG_TYPE)
    if kind == "N":
        return {"N": numbers.added(before["N"], content)}
    members = {*before[kind], *content}
    return {kind: sorted(members, key=set_member_order(kind))}


def subtract(before: Value | None, given: Value) -> Value | None:
    """Return the set without the members *given*; ``None`` when nothing is left."""
    if before is None:
        return None
    ((kind, content),) = given.items()
    if kind not in before:
        raise InvalidChange(WRONG_TYPE)
    gone = set(content)
    members = [member for member in before[kind] if member not in gone]
    return {kind: members} if members else None
