"""Requests made wrong in one place."""

import json
from typing import Any

from tools.lab.engines.generator.dice import Dice

Step = tuple[str, dict[str, Any]]
_WITHOUT_VALUES = ("GetItem", "TransactGetItems")
_EXPRESSIONS = (
    "ConditionExpression",
    "UpdateExpression",
    "KeyConditionExpression",
    "FilterExpression",
    "ProjectionExpression",
)


def spoil(dice: Dice, step: Step) -> Step:
    """Return *step* with something wrong in it; now and then it stays right."""
    operation, whole = step[0], json.loads(json.dumps(step[1]))
    request = _target(dice, whole)
    texts = [name for name in _EXPRESSIONS if name in request]
    if texts and dice.chance(0.6):
        name = dice.pick(texts)
        request[name] = _broken(dice, request[name])
    elif "Key" in request or "Item" in request or "KeyConditionExpression" in request:
        spoilers = (_unused_name, _bad_limit, _bad_enum, _no_key)
        dice.pick(spoilers if operation in _WITHOUT_VALUES else (*spoilers, _unused_value))(
            request
        )
    return operation, whole


def _target(dice: Dice, request: dict[str, Any]) -> dict[str, Any]:
    """Return the request, or the body of one action of a transaction."""
    members = request.get("TransactItems")
    if not members:
        return request
    (body,) = dice.pick(members).values()
    target: dict[str, Any] = body
    return target


def _broken(dice: Dice, text: str) -> str:
    words = text.split(" ")
    at = dice.number(0, len(words) - 1)
    match dice.number(0, 5):
        case 0:
            del words[at]
        case 1:
            words.insert(at, words[at])
        case 2:
            words[at] = dice.pick(
                ("(", ")", "AND", ",", "#undefined", ":undefined", "status", "=")
            )
        case 3:
            words.append(dice.pick((")", "AND", "&", "OR NOT")))
        case 4:
            words[at] = words[at].replace("_", "", 1)
        case _:
            return f"(({text}))"
    return " ".join(words)


def _unused_value(request: dict[str, Any]) -> None:
    request.setdefault("ExpressionAttributeValues", {})[":unused"] = {"N": "1"}


def _unused_name(request: dict[str, Any]) -> None:
    request.setdefault("ExpressionAttributeNames", {})["#unused"] = "a"


def _bad_limit(request: dict[str, Any]) -> None:
    if "KeyConditionExpression" in request:
        request["Limit"] = 0


def _bad_enum(request: dict[str, Any]) -> None:
    if "ReturnValues" in request and "Item" in request:
        request["ReturnValues"] = "ALL_NEW"


def _no_key(request: dict[str, Any]) -> None:
    request.pop("Key", None)
