"""Random reads: by key, in batches, queries with pages, scans."""

from typing import Any

from tools.lab.engines.generator.conditions import Conditions
from tools.lab.engines.generator.dice import Dice, Placeholders
from tools.lab.engines.generator.values import (
    ATTRIBUTES,
    BYTES,
    COUNTS,
    SORTS,
    TABLES,
    bad_key,
    key,
)
from tools.lab.engines.tables import BLOBS, COUNTED, MIXED

Request = dict[str, Any]
Step = tuple[str, Request]
PAGES = "QueryPages"
"""Not a call: a query whose pages are followed to the end."""

_PROJECTED = {"Whole": (*ATTRIBUTES, "pk", "sk"), "Keys": ("g1", "sk"), "Some": ("a", "b", "pk")}
_SORTED_BY = {"Whole": "g2", "Keys": "", "Some": "sk"}


def get(dice: Dice) -> Step:
    table = dice.weighted(TABLES)
    made = bad_key(dice, table) if dice.chance(0.02) else key(dice, table)
    request: Request = {"TableName": table, "Key": made, "ConsistentRead": dice.chance(0.5)}
    _project(dice, request, Placeholders(dice), ATTRIBUTES)
    return "GetItem", request


def batch_get(dice: Dice) -> Step:
    requests: dict[str, Request] = {}
    for _ in range(dice.number(1, 5)):
        table = dice.weighted(TABLES)
        requests.setdefault(table, {"Keys": []})["Keys"].append(key(dice, table))
    for request in requests.values():
        _project(dice, request, Placeholders(dice), ATTRIBUTES)
    return "BatchGetItem", {"RequestItems": requests}


def transact_get(dice: Dice) -> Step:
    members = []
    for _ in range(dice.number(1, 4)):
        table = dice.weighted(TABLES)
        request: Request = {"TableName": table, "Key": key(dice, table)}
        _project(dice, request, Placeholders(dice), ATTRIBUTES)
        members.append({"Get": request})
    return "TransactGetItems", {"TransactItems": members}


def query(dice: Dice) -> Step:
    """Return one page of a table: what it starts from is random, not the end of another."""
    table = dice.weighted(TABLES[:2])
    operation, request = _query(dice, table, "")
    if dice.chance(0.25):
        request["ExclusiveStartKey"] = key(dice, table)
    return operation, request


def pages(dice: Dice) -> Step:
    """Return a query of a table or an index that is followed to its end."""
    index = dice.pick(("", "Whole", "Keys", "Some"))
    table = MIXED if index else dice.weighted(TABLES)
    _, request = _query(dice, table, index)
    return PAGES, request


def scan(dice: Dice) -> Step:
    request: Request = {"TableName": dice.weighted(TABLES)}
    given = Placeholders(dice)
    if dice.chance(0.5):
        request["FilterExpression"] = Conditions(dice, given).condition()
    if request["TableName"] == MIXED and dice.chance(0.3):
        request = {"TableName": MIXED, "IndexName": dice.pick(tuple(_PROJECTED))}
        given = Placeholders(dice)
    if dice.chance(0.2):
        request["Select"] = "COUNT"
    request.update(given.parameters())
    return "Scan", request


def _query(dice: Dice, table: str, index: str) -> Step:
    given = Placeholders(dice)
    request: Request = {"TableName": table}
    if index:
        request["IndexName"] = index
    request["KeyConditionExpression"] = _key_condition(dice, given, table, index)
    attributes = _PROJECTED.get(index, ATTRIBUTES)
    if dice.chance(0.3):
        keys = ("pk", "sk") if not index else ("g1", "g2", _SORTED_BY[index])
        free = tuple(it for it in attributes if it not in keys)
        if free:
            request["FilterExpression"] = Conditions(dice, given, free).condition()
    if dice.chance(0.5):
        request["Limit"] = dice.number(1, 4)
    if dice.chance(0.5):
        request["ScanIndexForward"] = dice.chance(0.4)
    if dice.chance(0.1):
        request["Select"] = "COUNT"
        request.update(given.parameters())
    else:
        _project(dice, request, given, attributes)
    return "Query", request


def _key_condition(dice: Dice, given: Placeholders, table: str, index: str) -> str:
    if index in ("Whole", "Keys"):
        parts = [f"{given.name('g1')} = {given.value({'S': dice.pick('gh')})}"]
    elif index == "Some":
        parts = [f"{given.name('g2')} = {given.value({'N': dice.pick(COUNTS)})}"]
    elif table == BLOBS:
        parts = [f"{given.name('pk')} = {given.value({'B': dice.pick(BYTES[:4])})}"]
    else:
        parts = [f"{given.name('pk')} = {given.value({'S': dice.pick('pq')})}"]
    sort = _SORTED_BY.get(index, "" if table == BLOBS else "sk")
    if sort and dice.chance(0.5):
        numeric = sort == "g2" or table == COUNTED
        parts.append(_sort_condition(dice, given, sort, numeric=numeric))
    if dice.chance(0.2):
        parts.reverse()
    return dice.pick((" AND ", " and ")).join(parts)


def _sort_condition(dice: Dice, given: Placeholders, name: str, *, numeric: bool) -> str:
    def bound(text: str) -> str:
        return given.value({"N": text} if numeric else {"S": text})

    options = COUNTS if numeric else SORTS
    shown = given.name(name)
    if dice.chance(0.25):
        bounds = (dice.pick(options), dice.pick(options))
        low, high = sorted(bounds, key=float if numeric else str)
        return f"{shown} BETWEEN {bound(low)} AND {bound(high)}"
    if not numeric and dice.chance(0.4):
        return f"begins_with({shown}, {bound(dice.pick(('k', '1', 'é', 'kk')))})"
    return f"{shown} {dice.pick(('=', '<', '<=', '>', '>='))} {bound(dice.pick(options))}"


def _project(
    dice: Dice, request: Request, given: Placeholders, attributes: tuple[str, ...]
) -> None:
    if dice.chance(0.3):
        names = dice.some([it for it in attributes if it not in ("m", "l")], 3)
        paths = [given.name(it) for it in names]
        if "m" in attributes and dice.chance(0.3):
            paths.append(Conditions(dice, given).path((dice.pick(("m", "l")),)))
        request["ProjectionExpression"] = ", ".join(paths)
    request.update(given.parameters())
