"""Random writes: single, in batches, in transactions."""

from typing import Any

from tools.lab.engines.generator.conditions import Conditions
from tools.lab.engines.generator.dice import Dice, Placeholders
from tools.lab.engines.generator.updates import Updates
from tools.lab.engines.generator.values import TABLES, bad_key, item, key

Request = dict[str, Any]
Step = tuple[str, Request]
_RETURNS = ("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW")


def put(dice: Dice) -> Step:
    request = _put(dice, dice.weighted(TABLES))
    _returns(dice, request, _RETURNS[:2])
    return "PutItem", request


def update(dice: Dice) -> Step:
    request = _update(dice, dice.weighted(TABLES))
    _returns(dice, request, _RETURNS)
    return "UpdateItem", request


def delete(dice: Dice) -> Step:
    request = _keyed(dice, dice.weighted(TABLES))
    _condition(dice, request, Placeholders(dice), 0.5)
    _returns(dice, request, _RETURNS[:2])
    return "DeleteItem", request


def batch_write(dice: Dice) -> Step:
    requests: dict[str, list[Request]] = {}
    for _ in range(dice.number(1, 5)):
        table = dice.weighted(TABLES)
        made: Request = (
            {"PutRequest": {"Item": item(dice, table)}}
            if dice.chance(0.6)
            else {"DeleteRequest": {"Key": key(dice, table)}}
        )
        requests.setdefault(table, []).append(made)
    return "BatchWriteItem", {"RequestItems": requests}


def transaction(dice: Dice) -> Step:
    """Return a transaction; at most ten actions, which is what DynamoDB Local takes."""
    size = dice.weighted(((30, 1), (30, 2), (20, 3), (10, 5), (1, 10), (0.3, 0)))
    members = [_member(dice) for _ in range(size)]
    request: Request = {"TransactItems": members}
    if dice.chance(0.4):
        request["ClientRequestToken"] = f"t{dice.number(1, 3)}"
    return "TransactWriteItems", request


def _member(dice: Dice) -> Request:
    table = dice.weighted(TABLES)
    kind = dice.weighted(((4, "Put"), (4, "Update"), (2, "Delete"), (3, "ConditionCheck")))
    if kind == "Put":
        body = _put(dice, table)
    elif kind == "Update":
        body = _update(dice, table)
    else:
        body = _keyed(dice, table)
        _condition(dice, body, Placeholders(dice), 1.0 if kind == "ConditionCheck" else 0.4)
    if dice.chance(0.4):
        body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return {kind: body}


def _put(dice: Dice, table: str) -> Request:
    made = item(dice, table)
    if dice.chance(0.004):
        made = {**made, **bad_key(dice, table)}
    request: Request = {"TableName": table, "Item": made}
    _condition(dice, request, Placeholders(dice), 0.5)
    return request


def _update(dice: Dice, table: str) -> Request:
    request = _keyed(dice, table)
    given = Placeholders(dice)
    request["UpdateExpression"] = Updates(dice, given, table).expression()
    if dice.chance(0.004):
        request["UpdateExpression"] = "SET pk = sk"
        given = Placeholders(dice)
    _condition(dice, request, given, 0.45)
    return request


def _keyed(dice: Dice, table: str) -> Request:
    made = bad_key(dice, table) if dice.chance(0.004) else key(dice, table)
    return {"TableName": "Missing" if dice.chance(0.002) else table, "Key": made}


def _condition(dice: Dice, request: Request, given: Placeholders, chance: float) -> None:
    if dice.chance(chance):
        request["ConditionExpression"] = (
            f"attribute{dice.pick(('', '_not'))}_exists(pk)"
            if dice.chance(0.3)
            else Conditions(dice, given).condition()
        )
    request.update(given.parameters())


def _returns(dice: Dice, request: Request, allowed: tuple[str, ...]) -> None:
    if dice.chance(0.5):
        request["ReturnValues"] = dice.pick(allowed)
    if "ConditionExpression" in request and dice.chance(0.1):
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
