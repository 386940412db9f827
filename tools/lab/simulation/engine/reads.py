"""GetItem, and what every read by key has in common."""

from collections.abc import Mapping
from typing import Any

from tools.lab.simulation.engine import capacity
from tools.lab.simulation.engine.collection import Row
from tools.lab.simulation.engine.errors import Attributes, invalid
from tools.lab.simulation.engine.expressions import expressions
from tools.lab.simulation.engine.paths import picked
from tools.lab.simulation.engine.table import Table
from tools.lab.simulation.engine.values import stored_item

PROJECTION = "ProjectionExpression"
Tables = Mapping[str, Table]


class Fetch:
    """One item to read: its *key*, and which of its attributes to show."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        found, _ = expressions(request, (PROJECTION,))
        self._projection = found.get(PROJECTION)
        if "Key" not in request:
            raise invalid(
                "1 validation error detected: Value null at 'key' failed to satisfy constraint:"
                " Member must not be null"
            )
        self.key, _ = stored_item(request["Key"])

    def row(self, table: Table, *, consistent: bool) -> Row | None:
        """Return what there is to read; `InvalidChange` for a key that is not one of *table*."""
        table.spec.refuse_key(self.key)
        return table.seen(table.spec.key.key_of(self.key), consistent=consistent)

    def shown(self, row: Row) -> Attributes:
        return picked(row.item, self._projection.paths) if self._projection else row.item


def get_item(tables: Tables, request: Mapping[str, Any]) -> dict[str, Any]:
    asked = capacity.wanted(request)
    fetch = Fetch(request)
    name = request["TableName"]
    consistent = bool(request.get("ConsistentRead"))
    row = fetch.row(tables[name], consistent=consistent)
    answer: dict[str, Any] = {}
    if row is not None:
        answer["Item"] = fetch.shown(row)
    if asked:
        factor = 1 if consistent else 0.5
        bill = capacity.Bill(asked, "Read")
        bill.add(name, capacity.read_units(row.size if row else 0, factor))
        (answer["ConsumedCapacity"],) = bill.lines()
    return answer
