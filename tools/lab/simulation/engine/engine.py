"""DynamoDB in this process: no I/O, no randomness, no clock but the one it is given.

Values go in and come out in DynamoDB's wire form, binaries as base64 texts. What comes out is
shared with what is stored: look, do not change. `tools.lab.engines` holds it to DynamoDB Local.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tools.lab.simulation.engine.batches import batch_get_item, batch_write_item
from tools.lab.simulation.engine.changes import Change
from tools.lab.simulation.engine.collection import Row
from tools.lab.simulation.engine.descriptions import describe_table
from tools.lab.simulation.engine.errors import (
    Attributes,
    InvalidChange,
    Refused,
    invalid,
    no_such_table,
)
from tools.lab.simulation.engine.freedom import NONE, Freedom
from tools.lab.simulation.engine.parameters import PARAMETERS
from tools.lab.simulation.engine.queries import query, scan
from tools.lab.simulation.engine.reads import get_item
from tools.lab.simulation.engine.spec import TableSpec
from tools.lab.simulation.engine.table import Table
from tools.lab.simulation.engine.transactions import Transactions
from tools.lab.simulation.engine.writes import delete_item, put_item, update_item

__all__ = ["Change", "Engine", "Freedom", "Refused", "TableSpec"]
Operation = Callable[[Mapping[str, Any]], dict[str, Any]]


class _Tables(dict[str, Table]):
    def __missing__(self, name: str) -> Table:
        raise no_such_table()


class Engine:
    """Tables, and the calls on them. *now* gives seconds since the epoch.

    *freedom* decides what DynamoDB leaves open.

    ``changes`` lists every change of every table in the order of their commits; a transaction's
    stand together.
    """

    def __init__(self, *, now: Callable[[], float], freedom: Freedom = NONE) -> None:
        self.changes: list[Change] = []
        self.tables: Mapping[str, Table] = _Tables()
        self._now = now
        self._freedom = freedom
        transactions = Transactions(self.tables, now)
        simple = {
            "GetItem": get_item,
            "PutItem": put_item,
            "UpdateItem": update_item,
            "DeleteItem": delete_item,
            "Query": query,
            "Scan": scan,
            "BatchGetItem": batch_get_item,
            "BatchWriteItem": batch_write_item,
            "DescribeTable": describe_table,
        }
        self._operations: dict[str, Operation] = {
            **{name: partial(run, self.tables) for name, run in simple.items()},
            "TransactWriteItems": transactions.write,
            "TransactGetItems": transactions.get,
        }

    def create_table(self, spec: TableSpec) -> None:
        """Create an empty table, active at once."""
        assert isinstance(self.tables, _Tables)
        self.tables[spec.name] = Table(spec, self._note, self._freedom, self._now)

    def drop_table(self, name: str) -> None:
        """Forget a table and what is in it."""
        assert isinstance(self.tables, _Tables)
        del self.tables[name]

    def call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Run one call; raises `Refused`, having changed nothing, as DynamoDB answers errors.

        ``NotImplementedError`` for an operation or a parameter that the engine does not know.
        """
        unknown = params.keys() - PARAMETERS.get(operation, frozenset())
        if unknown:
            raise NotImplementedError(f"{operation} with {', '.join(sorted(unknown))}")
        try:
            return self._operations[operation](params)
        except InvalidChange as problem:
            raise invalid(str(problem)) from None

    def stream(self, table: str) -> list[Change]:
        """Return the table's changes in their order; ``record()`` is what Lambda gets."""
        return self.tables[table].changes

    def index_lag(self, table: str, index: str, changes: float) -> None:
        """Let *index* show all but the latest *changes*; ``math.inf`` freezes it, 0 catches up."""
        self.tables[table].indexes[index].hold_back(changes)

    def expire(self, table: str, key: Attributes) -> bool:
        """Remove an item as time to live does; ``False`` if it is gone or not yet expired."""
        of = self.tables[table]
        place = of.spec.key.key_of(key)
        row = of.row(place)
        if row is None or not self._is_due(of, row):
            return False
        of.write(place, None, expired=True)
        return True

    def due(self, table: str) -> list[Attributes]:
        """Return the keys of the items that time to live may remove by now."""
        of = self.tables[table]
        names = of.spec.key.names
        return [
            {name: row.item[name] for name in names}
            for _, _, row in of.rows
            if self._is_due(of, row)
        ]

    def items(self, table: str) -> list[Attributes]:
        """Return everything a table holds, in the order of its keys."""
        return [row.item for _, _, row in self.tables[table].rows]

    def _is_due(self, table: Table, row: Row) -> bool:
        until = row.item.get(table.spec.ttl, {}).get("N")
        return until is not None and float(until) < self._now()

    def _note(
        self,
        table: Table,
        key: Attributes,
        before: Row | None,
        after: Row | None,
        expired: bool,  # noqa: FBT001  # the shape of a callback
    ) -> Change:
        change = Change(
            table=table.spec.name,
            key=key,
            old=before.item if before else None,
            new=after.item if after else None,
            old_size=before.size if before else 0,
            new_size=after.size if after else 0,
            number=len(self.changes) + 1,
            at=self._now(),
            view=table.spec.stream,
            expired=expired,
        )
        self.changes.append(change)
        return change
