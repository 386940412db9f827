"""The fields of an event, for the functions that make a command of it.

    @reads_event
    def on_order_completed(event: EventEnvelope) -> CommitStock:
        return CommitStock(order_id=text(event.data, "order_id"))

A consumer reads the fields that it needs and ignores the others.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from shared.kernel.errors import ValidationFailed
from shared.kernel.events import EventEnvelope
from shared.platform.events.bus import MalformedEvent

Fields = Mapping[str, Any]
C = TypeVar("C")
_USELESS = (KeyError, TypeError, ValueError, AttributeError, ValidationFailed)


def reads_event(read: Callable[[EventEnvelope], C]) -> Callable[[EventEnvelope], C]:
    """Have *read* raise `MalformedEvent` for an event that it cannot make its command of.

    The reason names the field or the kind of mistake, never a value: it may be somebody's.
    """

    @wraps(read)
    def reading(event: EventEnvelope) -> C:
        try:
            return read(event)
        except MalformedEvent as error:
            raise MalformedEvent(f"{event.type}: {error}") from None
        except _USELESS as error:
            raise MalformedEvent(f"{event.type}: {type(error).__name__}") from None

    return reading


def text(fields: Fields, name: str) -> str:
    """Return a text that is not empty; every function here raises `MalformedEvent`."""
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise MalformedEvent(f"{name} is not a text")
    return value


def whole(fields: Fields, name: str) -> int:
    """Return a whole number."""
    value = fields.get(name)
    if type(value) is not int:
        raise MalformedEvent(f"{name} is not a whole number")
    return value


def amount(fields: Fields, name: str) -> tuple[int, str]:
    """Return an amount of money: minor units and currency, as ``Money`` takes them."""
    value = fields.get(name)
    if not isinstance(value, Mapping) or type(value.get("amount")) is not int:
        raise MalformedEvent(f"{name} is not an amount of money")
    return value["amount"], text(value, "currency")


def listed(fields: Fields, name: str) -> list[Fields]:
    """Return a list of objects."""
    value = fields.get(name)
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise MalformedEvent(f"{name} is not a list of objects")
    return value
