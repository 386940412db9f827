"""A table: its rows, its indexes and the log of its changes."""

from collections.abc import Callable

from tools.lab.simulation.engine.changes import Change
from tools.lab.simulation.engine.collection import Collection, Row
from tools.lab.simulation.engine.errors import Attributes
from tools.lab.simulation.engine.freedom import Freedom
from tools.lab.simulation.engine.index import Index
from tools.lab.simulation.engine.past import Past
from tools.lab.simulation.engine.spec import Key, TableSpec, only

Note = Callable[["Table", Attributes, Row | None, Row | None, bool], Change]


class Table:
    """``write`` is the only way in; *note* makes the change record of a write."""

    def __init__(
        self, spec: TableSpec, note: Note, freedom: Freedom, now: Callable[[], float]
    ) -> None:
        self.spec = spec
        self.freedom = freedom
        self.rows = Collection()
        self.indexes = {index.name: Index(index, spec.key) for index in spec.indexes}
        self.changes: list[Change] = []
        self._note = note
        self._past = Past(now, freedom)

    def row(self, key: Key) -> Row | None:
        """Return what is stored at *key*."""
        return self.rows.get(*key)

    def seen(self, key: Key, *, consistent: bool) -> Row | None:
        """Return what a read shows of the item at *key*."""
        row = self.rows.get(*key)
        return row if consistent else self._past.shown(key, row)

    def view(self, *, consistent: bool) -> Collection:
        """Return what a query or a scan reads."""
        return self.rows if consistent else self._past.view(self.rows)

    def write(self, key: Key, row: Row | None, *, expired: bool = False) -> None:
        """Store *row* under *key*, or remove what is there; unchanged items leave no record."""
        before = self.rows.get(*key)
        if row is not None:
            self.rows.put(*key, row)
        elif before is not None:
            self.rows.remove(*key)
        present = row if row is not None else before
        if present is None or (before is not None and row is not None and before.item == row.item):
            return
        self._past.take(key, before)
        for index in self.indexes.values():
            index.take(key, row)
        names = only(present.item, self.spec.key.names)
        self.changes.append(self._note(self, names, before, row, expired))
