"""PutItem, UpdateItem and DeleteItem."""

from collections.abc import Mapping
from typing import Any

from tools.lab.simulation.engine import capacity
from tools.lab.simulation.engine.actions import DELETE, PUT, UPDATE, Action, enum
from tools.lab.simulation.engine.collection import Row
from tools.lab.simulation.engine.errors import Attributes, condition_failed
from tools.lab.simulation.engine.paths import picked
from tools.lab.simulation.engine.table import Table

_RETURNS = ("NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW")
Tables = Mapping[str, Table]


def put_item(tables: Tables, request: Mapping[str, Any]) -> dict[str, Any]:
    return _write(PUT, tables, request, _RETURNS[:2])


def delete_item(tables: Tables, request: Mapping[str, Any]) -> dict[str, Any]:
    return _write(DELETE, tables, request, _RETURNS[:2])


def update_item(tables: Tables, request: Mapping[str, Any]) -> dict[str, Any]:
    return _write(UPDATE, tables, request, _RETURNS)


def _write(
    kind: str, tables: Tables, request: Mapping[str, Any], returns: tuple[str, ...]
) -> dict[str, Any]:
    wanted = enum(request, "ReturnValues", returns)
    bill = capacity.Bill(capacity.wanted(request), "Write")
    action = Action(kind, request)
    table = tables[request["TableName"]]
    action.bind(table)
    if not action.holds():
        old = action.before.item if action.before and action.returns_item else None
        raise condition_failed(old)
    after = action.outcome()
    table.write(action.key, after)
    bill.write(table, action.before, after)
    answer: dict[str, Any] = {}
    if wanted != "NONE":
        attributes = _returned(wanted, action, after)
        if attributes:
            answer["Attributes"] = attributes
    if bill.asked:
        (answer["ConsumedCapacity"],) = bill.lines()
    return answer


def _returned(wanted: str, action: Action, after: Row | None) -> Attributes | None:
    shown = after if wanted.endswith("NEW") else action.before
    if shown is None:
        return None
    if wanted.startswith("ALL"):
        return shown.item
    return picked(shown.item, action.update.paths) if action.update else None
