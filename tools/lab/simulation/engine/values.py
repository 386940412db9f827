"""Attribute values in wire form: what is allowed, the one form that is stored, and its size.

Binary values are base64 texts, as in DynamoDB's JSON. Stored values are never changed in place,
so that items, answers and change records may share them.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tools.lab.simulation.engine import numbers
from tools.lab.simulation.engine.errors import Attributes, invalid, unreadable

MAX_DEPTH = 32
"""Nesting levels of an attribute value, the attribute itself being the first."""

_PARAMETERS = "One or more parameter values were invalid:"
_SET_WORDS = {"SS": "string", "NS": "number", "BS": "binary"}

_ORDER_OF_MEMBERS: dict[str, Callable[[str], Any]] = {
    "SS": str,
    "NS": Decimal,
    "BS": base64.b64decode,
}

Value = dict[str, Any]
Sized = tuple[Value, int]


def stored(value: Any, depth: int = 1) -> Sized:
    """Return *value* as it is stored (canonical numbers, sorted sets) and its size in bytes."""
    if type(value) is not dict:
        raise unreadable("an attribute value is not a JSON object")
    if len(value) != 1:
        found = "more than one datatypes set" if value else "empty"
        raise invalid(
            f"Supplied AttributeValue is {found}, must contain exactly one of the supported"
            " datatypes"
        )
    if depth > MAX_DEPTH:
        raise invalid(
            "Nesting Levels have exceeded supported limits: Attributes in the item have nested"
            " levels beyond supported limit"
        )
    ((kind, content),) = value.items()
    if kind == "S" and type(content) is str:
        return value, text_size(content)
    rule = _RULES.get(kind)
    if rule is None:
        raise invalid(
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
        )
    expected, keep = rule
    if type(content) is not expected:
        raise unreadable(f"a value of type {kind} is a {type(content).__name__}")
    return keep(value, content, depth)


def stored_item(item: Any) -> tuple[Attributes, int]:
    """Return all attributes as they are stored, and the size of the item in bytes."""
    if type(item) is not dict:
        raise unreadable("an item is not a JSON object")
    kept: Attributes = {}
    total = 0
    for name, value in item.items():
        _refuse_empty(name)
        if type(value) is dict and len(value) == 1 and type(text := value.get("S")) is str:
            kept[name] = value  # most of them are texts: what `stored` does, without the call
            total += text_size(text) + text_size(name)
        else:
            kept[name], size = stored(value)
            total += size + text_size(name)
    return kept, total


def item_size(item: Mapping[str, Value]) -> int:
    """Return the bytes of names and values."""
    return sum(text_size(name) + stored(value)[1] for name, value in item.items())


def text_size(text: str) -> int:
    """Return the length in UTF-8; lone surrogates have none and are refused."""
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        raise unreadable("a text is not well-formed Unicode") from None


def normal(value: Value) -> Any:
    """Return a text, number or binary as something that Python orders as DynamoDB does."""
    ((kind, content),) = value.items()
    if kind == "S":
        return content
    return Decimal(content) if kind == "N" else base64.b64decode(content)


def bytes_of(text: str) -> bytes:
    """Return what base64 *text* stands for."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise unreadable("a binary value is not base64") from None


def set_member_order(kind: str) -> Callable[[str], Any]:
    """Return the key that sorts the members of a set of *kind*."""
    return _ORDER_OF_MEMBERS[kind]


def _refuse_empty(name: str) -> None:
    if not name:
        raise invalid(f"{_PARAMETERS} An attribute name may not be empty")


def _text(value: Value, content: str, _: int) -> Sized:
    return value, text_size(content)


def _number(value: Value, content: str, _: int) -> Sized:
    written = numbers.canonical(content)
    return (value if written == content else {"N": written}), numbers.size(written)


def _binary(value: Value, content: str, _: int) -> Sized:
    data = bytes_of(content)
    return value, len(data)


def _boolean(value: Value, _content: bool, _: int) -> Sized:  # noqa: FBT001  # a rule like others
    return value, 1


def _null(value: Value, content: bool, _: int) -> Sized:  # noqa: FBT001  # a rule like the others
    if not content:
        raise invalid(f"{_PARAMETERS} Null attribute value types must have the value of true")
    return value, 1


def _list(_: Value, content: list[Any], depth: int) -> Sized:
    kept = [stored(inner, depth + 1) for inner in content]
    return {"L": [inner for inner, _ in kept]}, 3 + sum(size + 1 for _, size in kept)


def _map(_: Value, content: dict[str, Any], depth: int) -> Sized:
    kept, total = {}, 3
    for name, inner in content.items():
        _refuse_empty(name)
        kept[name], size = stored(inner, depth + 1)
        total += 1 + text_size(name) + size
    return {"M": kept}, total


def _set(value: Value, content: list[Any], _: int) -> Sized:
    (kind,) = value
    if not content:
        raise invalid(f"{_PARAMETERS} An {_SET_WORDS[kind]} set  may not be empty")
    if not all(type(member) is str for member in content):
        raise unreadable(f"a member of a set of type {kind} is not a text")
    sized = [stored({kind[0]: member}) for member in content]
    members = [inner[kind[0]] for inner, _ in sized]
    if len(set(members)) < len(members):
        raise invalid(f"{_PARAMETERS} Input collection {content} contains duplicates.")
    if "" in members:
        raise invalid(
            f"{_PARAMETERS} An {_SET_WORDS[kind]} set may not have a empty {_SET_WORDS[kind]} as"
            " a member"
        )
    members.sort(key=set_member_order(kind))
    return {kind: members}, sum(size for _, size in sized)


_RULES: dict[str, tuple[type, Callable[[Value, Any, int], Sized]]] = {
    "S": (str, _text),
    "N": (str, _number),
    "B": (str, _binary),
    "BOOL": (bool, _boolean),
    "NULL": (bool, _null),
    "L": (list, _list),
    "M": (dict, _map),
    "SS": (list, _set),
    "NS": (list, _set),
    "BS": (list, _set),
}
