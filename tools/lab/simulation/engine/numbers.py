"""DynamoDB's numbers: decimal, 38 significant digits, 1E-130 to 9.99…E+125 either side of zero."""

import re
from decimal import Context, Decimal

from tools.lab.simulation.engine.errors import InvalidChange, invalid

DIGITS = 38
_LARGEST_EXPONENT = 125
_SMALLEST_EXPONENT = -130
_EXACT = Context(prec=400, Emin=-999_999, Emax=999_999)
_PLAIN = re.compile(r"-?[1-9][0-9]{0,37}|0")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,6})?")


def canonical(text: str) -> str:
    """Return the one way in which DynamoDB writes this number; refuse what it cannot hold."""
    if _PLAIN.fullmatch(text):
        return text
    if not _NUMBER.fullmatch(text):
        raise invalid(f"The parameter cannot be converted to a numeric value: {text}")
    number = Decimal(text)
    problem = _problem(number)
    if problem:
        raise invalid(problem)
    return written(number)


def written(number: Decimal) -> str:
    """Return *number* without exponent and without needless zeros."""
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def added(left: str, right: str, sign: int = 1) -> str:
    """Return ``left + right``, or ``left - right`` for a *sign* of -1; refuse what overflows."""
    if _PLAIN.fullmatch(left) and _PLAIN.fullmatch(right):
        text = str(int(left) + sign * int(right))
        if len(text) <= DIGITS:
            return text
    operation = _EXACT.add if sign > 0 else _EXACT.subtract
    total = operation(Decimal(left), Decimal(right))
    problem = _problem(total)
    if problem:
        raise InvalidChange(problem)
    return written(total)


def size(text: str) -> int:
    """Return the bytes a canonical number takes: one, and one for each two significant digits."""
    digits = text.lstrip("-").lstrip("0.")
    if "." not in text:
        digits = digits.rstrip("0")
    significant = len(digits) - digits.count(".")
    return 1 + (significant + 1) // 2 + text.startswith("-")


def _problem(number: Decimal) -> str:
    _, digits, _ = number.as_tuple()
    if number.adjusted() > _LARGEST_EXPONENT:
        return (
            "Number overflow. Attempting to store a number with magnitude larger than"
            " supported range"
        )
    if number.adjusted() < _SMALLEST_EXPONENT:
        return (
            "Number underflow. Attempting to store a number with magnitude smaller than"
            " supported range"
        )
    if len("".join(map(str, digits)).strip("0")) > DIGITS:
        return "Attempting to store more than 38 significant digits in a Number"
    return ""
