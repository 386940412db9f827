"""Plain Python values to DynamoDB attribute values and back.

Numbers are whole: money is minor units, so a float in an item is a mistake and is refused.
(boto3's serializer does the same through `Decimal` and costs its import, 9 ms of a cold start.)
"""

from collections.abc import Mapping
from typing import Any

Item = dict[str, Any]
"""An item as the rest of the code sees it: attribute name → plain value."""


def to_attribute(value: Any) -> dict[str, Any]:  # noqa: PLR0911  # one per attribute type
    """Return *value* as a DynamoDB attribute value; ``TypeError`` for what has none."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case list() | tuple():
            return {"L": [to_attribute(inner) for inner in value]}
        case Mapping():
            return {"M": {key: to_attribute(inner) for key, inner in value.items()}}
        case _:
            msg = f"{type(value).__name__} cannot be stored"
            raise TypeError(msg)


def from_attribute(attribute: Mapping[str, Any]) -> Any:
    """Return the plain value of a DynamoDB attribute value."""
    ((kind, value),) = attribute.items()
    match kind:
        case "S" | "BOOL" | "B":
            return value
        case "N":
            return int(value)
        case "NULL":
            return None
        case "L":
            return [from_attribute(inner) for inner in value]
        case "M":
            return {key: from_attribute(inner) for key, inner in value.items()}
        case _:
            msg = f"attribute type {kind} is not used here"
            raise TypeError(msg)


def to_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return *values* as DynamoDB writes them."""
    return {name: to_attribute(value) for name, value in values.items()}


def from_item(item: Mapping[str, Any]) -> Item:
    """Return what DynamoDB read, as plain values."""
    return {name: from_attribute(value) for name, value in item.items()}
