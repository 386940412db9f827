"""A business rule: what a field of a product or an order line has to be, for a while."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from shared.kernel.clock import from_iso, to_iso
from shared.kernel.errors import FieldError

MAX_PARAMETERS = 300
"""Characters of a rule's parameters as JSON; bounds the book that every order reads."""

_TEXT = ("length", "pattern", "enum")
_NUMBER = ("range", "multiple_of", "enum")
_LIST = ("length", "includes")
_CHOICE = ("enum",)


class Subject(StrEnum):
    """What a rule is about."""

    PRODUCT = "product"
    ORDER_LINE = "order_line"


FIELDS: Mapping[Subject, Mapping[str, tuple[str, ...]]] = {
    Subject.PRODUCT: {
        "mnemonic": _TEXT,
        "overview": _TEXT,
        "is_confidential": _CHOICE,
        "category": _TEXT,
        "tags": _LIST,
        "price.amount": _NUMBER,
        "price.currency": _CHOICE,
    },
    Subject.ORDER_LINE: {
        "mnemonic": _TEXT,
        "category": _TEXT,
        "tags": _LIST,
        "quantity": _NUMBER,
        "price.amount": _NUMBER,
        "price.currency": _CHOICE,
        "total.amount": _NUMBER,
    },
}
"""The fields that rules can be about, and the kinds of rules that make sense for each."""

Facts = Mapping[str, Any]
"""What a product or an order line is, by the names in `FIELDS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessRule:
    """*field* must pass *kind* with *parameters*, from ``starts_at`` until before ``ends_at``.

    A ``category`` or a ``currency`` narrows it to products of that category, priced in that
    currency.
    """

    id: str
    subject: Subject
    field: str
    kind: str
    parameters: Any
    category: str | None = None
    currency: str | None = None
    starts_at: datetime
    ends_at: datetime | None = None
    added_at: datetime

    def mistakes(self) -> Iterator[FieldError]:
        """Yield what is wrong with the rule itself, besides what its kind says of parameters."""
        kinds = FIELDS[self.subject].get(self.field)
        if kinds is None:
            known = ", ".join(FIELDS[self.subject])
            allowed = {"allowed": [*FIELDS[self.subject]]}
            text = f"Must be one of: {known}."
            yield {"loc": ("field",), "msg": text, "type": "enum", "params": allowed}
        elif self.kind not in kinds:
            text = f"For {self.field} it must be one of: {', '.join(kinds)}."
            allowed = {"allowed": [*kinds]}
            yield {"loc": ("kind",), "msg": text, "type": "enum", "params": allowed}
        if self.field.endswith(".amount") and self.currency is None:
            text = "Name the currency: amounts compare within one."
            yield {"loc": ("currency",), "msg": text, "type": "missing"}
        if not _is_plain(self.parameters) or len(json.dumps(self.parameters)) > MAX_PARAMETERS:
            text = (
                f"Must be at most {MAX_PARAMETERS} characters of JSON: a text, a whole number, "
                "true or false, or a list or an object of these."
            )
            yield {"loc": ("parameters",), "msg": text, "type": "parameters"}
        if self.ends_at is not None and self.ends_at <= max(self.starts_at, self.added_at):
            text = "Must be after the start, and in the future."
            yield {"loc": ("ends_at",), "msg": text, "type": "order"}

    def is_over(self, at: datetime) -> bool:
        """Tell whether it will never be in force again."""
        return self.ends_at is not None and self.ends_at <= at

    def concerns(self, facts: Facts, at: datetime) -> bool:
        """Tell whether it is in force and about something like this."""
        return (
            self.starts_at <= at
            and not self.is_over(at)
            and self.category in (None, facts["category"])
            and self.currency in (None, facts["price.currency"])
        )

    def to_data(self) -> dict[str, Any]:
        """Return the rule as plain JSON values."""
        return {
            "id": self.id,
            "subject": str(self.subject),
            "field": self.field,
            "kind": self.kind,
            "parameters": self.parameters,
            "category": self.category,
            "currency": self.currency,
            "starts_at": to_iso(self.starts_at),
            "ends_at": to_iso(self.ends_at) if self.ends_at else None,
            "added_at": to_iso(self.added_at),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Return the rule that `to_data` gave."""
        return cls(
            id=data["id"],
            subject=Subject(data["subject"]),
            field=data["field"],
            kind=data["kind"],
            parameters=data["parameters"],
            category=data["category"],
            currency=data["currency"],
            starts_at=from_iso(data["starts_at"]),
            ends_at=from_iso(data["ends_at"]) if data["ends_at"] else None,
            added_at=from_iso(data["added_at"]),
        )


Evaluator = Callable[[BusinessRule, Any], str | None]
"""Says what is wrong with a value by a rule, or nothing."""


def _is_plain(value: Any, *, inside: bool = False) -> bool:
    """Tell whether *value* can be stored: scalars, or one list or object of them."""
    if isinstance(value, str | int):
        return True
    if inside:
        return False
    if isinstance(value, dict):
        return all(_is_plain(each, inside=True) for each in value.values())
    return isinstance(value, list) and all(_is_plain(each, inside=True) for each in value)
