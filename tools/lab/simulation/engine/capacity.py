"""Capacity units, as ``ReturnConsumedCapacity`` asks for them.

A read unit is 4 KB read strongly consistent, half of it eventually consistent, double it in a
transaction; a write unit is 1 KB, double in a transaction; an index costs a unit per KB for every
entry it writes or removes.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from collections.abc import Mapping
from typing import Any

from tools.lab.simulation.engine.collection import Row
from tools.lab.simulation.engine.errors import invalid
from tools.lab.simulation.engine.table import Table

READ_BYTES, WRITE_BYTES = 4096, 1024
PARAMETER = "ReturnConsumedCapacity"


def wanted(request: Mapping[str, Any]) -> str:
    """Return ``TOTAL``, ``INDEXES``, or an empty text when nobody asked."""
    asked = request.get(PARAMETER, "NONE")
    if asked not in ("NONE", "TOTAL", "INDEXES"):
        raise invalid(
            f"1 validation error detected: Value '{asked}' at 'returnConsumedCapacity' failed to"
            " satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
        )
    return "" if asked == "NONE" else asked


def read_units(size: int, factor: float) -> float:
    """Return the units of reading *size* bytes; *factor* is 0.5, 1 or 2."""
    return max(1, -(-size // READ_BYTES)) * factor


def write_units(before: Row | None, after: Row | None) -> int:
    """Return the units of replacing one row by another: those of the larger."""
    size = max(before.size if before else 0, after.size if after else 0)
    return max(1, -(-size // WRITE_BYTES))


def index_units(table: Table, before: Row | None, after: Row | None) -> dict[str, int]:
    """Return the units that each index of *table* pays for the write."""
    units = {}
    for name, index in table.indexes.items():
        old, new = index.entry(before), index.entry(after)
        if old is None and new is None:
            continue
        if old is not None and new is not None:
            if old.item == new.item:
                continue
            moved = any(old.item[key] != new.item[key] for key in index.spec.key.names)
            units[name] = (
                write_units(old, None) + write_units(None, new) if moved else write_units(old, new)
            )
        else:
            units[name] = write_units(old, new)
    return units


class Bill:
    """Adds up what the tables of one request cost. *unit* is ``Read`` or ``Write``."""

    def __init__(self, asked: str, unit: str, *, factor: int = 1, split: bool = False) -> None:
        self.asked = asked
        self._factor = factor
        self._unit = f"{unit}CapacityUnits" if split else ""
        self._tables: dict[str, float] = {}
        self._indexes: dict[str, dict[str, float]] = {}

    def write(self, table: Table, before: Row | None, after: Row | None) -> None:
        """Add one write."""
        if not self.asked:
            return
        self.add(table.spec.name, write_units(before, after) * self._factor)
        if table.indexes:
            for index, units in index_units(table, before, after).items():
                self.add(table.spec.name, units, index)

    def add(self, table: str, units: float, index: str = "") -> None:
        """Add *units* to a table, or to one of its indexes."""
        self._tables.setdefault(table, 0.0)
        if index:
            of_table = self._indexes.setdefault(table, {})
            of_table[index] = of_table.get(index, 0.0) + units
        else:
            self._tables[table] += units

    def lines(self) -> list[dict[str, Any]]:
        """Return ``ConsumedCapacity``, a line for each table."""
        return [self._line(table, units) for table, units in self._tables.items()]

    def _line(self, table: str, units: float) -> dict[str, Any]:
        indexes = self._indexes.get(table, {})
        total = units + sum(indexes.values())
        line: dict[str, Any] = {"TableName": table, "CapacityUnits": total}
        if self._unit:
            line[self._unit] = total
        if self.asked == "INDEXES":
            line["Table"] = {"CapacityUnits": units}
            if indexes:
                line["GlobalSecondaryIndexes"] = {
                    name: {"CapacityUnits": spent} for name, spent in indexes.items()
                }
        return line
