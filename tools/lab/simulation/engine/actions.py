"""Put, Update, Delete and ConditionCheck: one item each, alone or in a transaction."""

from collections.abc import Mapping
from typing import Any

from tools.lab.simulation.engine.collection import Row
from tools.lab.simulation.engine.errors import Attributes, InvalidChange, Refused, invalid
from tools.lab.simulation.engine.expressions import Expression, expressions
from tools.lab.simulation.engine.spec import Key, TableSpec
from tools.lab.simulation.engine.table import Table
from tools.lab.simulation.engine.values import stored, stored_item, text_size

MAX_ITEM_BYTES = 400 * 1024
NO_KEY: Key = ("", "")
"""What stands for the key of an action that has none of its table's."""

PUT, UPDATE, DELETE, CHECK = "Put", "Update", "Delete", "ConditionCheck"
ON_FAILURE = "ReturnValuesOnConditionCheckFailure"
_CONDITION, _UPDATE = "ConditionExpression", "UpdateExpression"
_EXPRESSIONS = {
    PUT: (_CONDITION,),
    UPDATE: (_UPDATE, _CONDITION),
    DELETE: (_CONDITION,),
    CHECK: (_CONDITION,),
}


class Action:
    """A write that was read and found sound, before its table and its item are looked at."""

    def __init__(self, kind: str, request: Mapping[str, Any]) -> None:
        self.kind = kind
        self.table: Table
        self.key: Key = NO_KEY
        self.before: Row | None = None
        found, self._values = expressions(request, _EXPRESSIONS[kind])
        self._condition: Expression | None = found.get(_CONDITION)
        self.update: Expression | None = found.get(_UPDATE)
        self.returns_item = enum(request, ON_FAILURE, ("NONE", "ALL_OLD")) == "ALL_OLD"
        given = "Item" if kind == PUT else "Key"
        if given not in request:
            raise invalid(
                f"1 validation error detected: Value null at '{given.lower()}' failed to satisfy"
                " constraint: Member must not be null"
            )
        self.given, self._size = stored_item(request[given])

    def bind(self, table: Table) -> None:
        """Find the item in *table*; `InvalidChange` for a key that is not one of its own."""
        self.table = table
        spec = table.spec
        if self.kind == PUT:
            spec.refuse_item(self.given)
        else:
            spec.refuse_key(self.given)
        self.key = spec.key.key_of(self.given)
        if self._size > MAX_ITEM_BYTES:
            raise invalid("Item size has exceeded the maximum allowed size")
        if self.update is not None:
            _refuse_key_update(self.update, spec)
        self.before = table.row(self.key)
        if self.kind == PUT:
            spec.refuse_index_keys(self.given)

    def holds(self) -> bool:
        """Say whether the condition, if there is one, is met."""
        condition = self._condition
        if condition is None or condition.test is None:
            return True
        return condition.test(self.before.item if self.before else {}, self._values)

    def outcome(self) -> Row | None:
        """Return what will be stored; `InvalidChange` where the item does not allow the update."""
        if self.kind == PUT:
            return Row(self.given, self._size)
        if self.kind == DELETE:
            return None
        if self.kind == CHECK:
            return self.before
        return self._updated()

    def _updated(self) -> Row:
        before = self.before or Row(self.given, self._size)
        if self.update is None or self.update.update is None:
            return before
        item = self.update.update.apply(before.item, self._values)
        size = before.size
        for name in {path[0] for path in self.update.paths}:
            size += _attribute_size(item, name) - _attribute_size(before.item, name)
        if size > MAX_ITEM_BYTES:
            raise InvalidChange("Item size to update has exceeded the maximum allowed size")
        self.table.spec.refuse_index_keys(item)
        return Row(item, size)


def _attribute_size(item: Attributes, name: Any) -> int:
    value = item.get(name)
    if value is None:
        return 0
    try:
        return stored(value)[1] + text_size(name)
    except Refused as refusal:  # nested too deep by this update
        raise InvalidChange(refusal.message) from None


def _refuse_key_update(update: Expression, spec: TableSpec) -> None:
    for path in update.paths:
        if path[0] in spec.key.names:
            raise invalid(
                f"One or more parameter values were invalid: Cannot update attribute {path[0]}."
                " This attribute is part of the key"
            )


def enum(request: Mapping[str, Any], parameter: str, allowed: tuple[str, ...]) -> str:
    given: str = request.get(parameter, allowed[0])
    if given not in allowed:
        raise invalid(
            f"1 validation error detected: Value '{given}' at '{parameter[0].lower()}"
            f"{parameter[1:]}' failed to satisfy constraint: Member must satisfy enum value set:"
            f" [{', '.join(allowed)}]"
        )
    return given
