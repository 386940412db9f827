"""Whole numbers in the digits that a double click selects: ``0-9A-Za-z``."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}


def to_base62(number: int, *, width: int) -> str:
    """Return *number* in just *width* digits; `OverflowError` for one that takes more."""
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    if number:
        raise OverflowError
    return "".join(reversed(digits))


def from_base62(text: str) -> int:
    """Return the number that *text* writes, which has no other characters than our digits."""
    number = 0
    for digit in text:
        number = number * 62 + _VALUES[digit]
    return number
