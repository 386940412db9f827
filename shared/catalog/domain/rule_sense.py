"""Rules that nothing can meet, or that ask for what a field never has."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.catalog.domain.labels import MAX_LABEL, MAX_TAGS, is_label
from shared.catalog.domain.product import MAX_OVERVIEW, MNEMONIC
from shared.catalog.domain.rule import BusinessRule
from shared.kernel.currencies import EXPONENTS
from shared.kernel.errors import FieldError
from shared.kernel.money import MAX_AMOUNT

_MAX_MNEMONIC = 50


@dataclass(frozen=True, slots=True)
class _Values:
    """What a field can be: single values, the extent of numbers or lengths, and how to say it."""

    can_be: Callable[[Any], bool]
    least: int
    most: int
    said: str


def _is_number(least: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= MAX_AMOUNT


def _is_mnemonic(value: Any) -> bool:
    return isinstance(value, str) and MNEMONIC.fullmatch(value) is not None


def _is_overview(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_OVERVIEW


def _is_category(value: Any) -> bool:
    return isinstance(value, str) and is_label(value)


def _is_currency(value: Any) -> bool:
    return isinstance(value, str) and value in EXPONENTS


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


_AMOUNT = _Values(_is_number(0), 0, MAX_AMOUNT, f"a whole number from 0 to {MAX_AMOUNT}")
_LABEL = "small letters and digits, words joined by single hyphens"
VALUES: Mapping[str, _Values] = {
    "mnemonic": _Values(
        _is_mnemonic, 1, _MAX_MNEMONIC, "1 to 50 capital letters, digits and underscores"
    ),
    "overview": _Values(_is_overview, 0, MAX_OVERVIEW, f"at most {MAX_OVERVIEW} characters"),
    "is_confidential": _Values(_is_flag, 0, 0, "true or false"),
    "category": _Values(_is_category, 1, MAX_LABEL, _LABEL),
    "tags": _Values(_is_category, 0, MAX_TAGS, _LABEL),
    "quantity": _Values(_is_number(1), 1, MAX_AMOUNT, f"a whole number from 1 to {MAX_AMOUNT}"),
    "price.amount": _AMOUNT,
    "total.amount": _AMOUNT,
    "price.currency": _Values(_is_currency, 3, 3, "a currency that ISO 4217 knows, such as GBP"),
}
"""By field; of a list (`tags`) the single entries and how many there can be."""


def senseless(rule: BusinessRule) -> Iterator[FieldError]:
    """Yield what is wrong with parameters that are of the right shape for the rule's kind."""
    values = VALUES[rule.field]
    match rule.kind:
        case "range" | "length":
            yield from _unreachable(rule.parameters, values)
        case "enum":
            yield from _impossible(rule, values)
        case "multiple_of" if rule.parameters > values.most:
            yield _wrong(f"Must be at most {values.most}.", "range", limit=values.most)
        case "includes" if not values.can_be(rule.parameters):
            yield _wrong(f"{rule.field} never has it: must be {values.said}.", "impossible")


def _unreachable(bounds: Mapping[str, Any], values: _Values) -> Iterator[FieldError]:
    least, most = bounds.get("min", values.least), bounds.get("max", values.most)
    if "min" in bounds and "max" in bounds and least > most:
        yield _wrong(f"Nothing is at least {least} and at most {most}.", "order")
    elif least > values.most:
        text = f"Nothing can meet it: min must be at most {values.most}."
        yield _wrong(text, "range", limit=values.most)
    elif most < values.least:
        text = f"Nothing can meet it: max must be at least {values.least}."
        yield _wrong(text, "range", limit=values.least)


def _impossible(rule: BusinessRule, values: _Values) -> Iterator[FieldError]:
    never = [each for each in rule.parameters if not values.can_be(each)]
    if never:
        text = f"{rule.field} is never {never[0]}: each must be {values.said}."
        yield _wrong(text, "impossible")
        return
    narrowed = {"category": rule.category, "price.currency": rule.currency}.get(rule.field)
    if narrowed is not None and narrowed not in rule.parameters:
        text = f"Nothing can meet it: the rule is about {narrowed} alone."
        yield _wrong(text, "contradiction")


def _wrong(text: str, kind: str, **params: Any) -> FieldError:
    error: FieldError = {"loc": ("parameters",), "msg": text, "type": kind}
    if params:
        error["params"] = params
    return error
