"""A global secondary index: a view of its table that may lag behind it."""

from collections import deque

from tools.lab.simulation.engine.collection import Collection, Row
from tools.lab.simulation.engine.errors import Attributes
from tools.lab.simulation.engine.spec import ALL, IndexSpec, Key, KeySchema
from tools.lab.simulation.engine.values import item_size, normal

Place = tuple[object, tuple[object, ...]]


class Index:
    """Holds the projection of every item that has the index's keys.

    *projected* are the attributes that every projection but ``ALL`` is made of.
    """

    def __init__(self, spec: IndexSpec, table_key: KeySchema) -> None:
        self.spec = spec
        self.rows = Collection()
        self.projected = {*table_key.names, *spec.key.names, *spec.included}
        self._places: dict[Key, Place] = {}
        self._held: deque[tuple[Key, Row | None]] = deque()
        self._lag: float = 0

    def hold_back(self, lag: float) -> None:
        """Show all but the latest *lag* changes from now on (``math.inf``: none any more)."""
        self._lag = lag
        self._show()

    def take(self, key: Key, row: Row | None) -> None:
        """Note that the table has *row* under *key* now, or nothing."""
        if self._lag or self._held:
            self._held.append((key, row))
            self._show()
        else:
            self._apply(key, row)

    def entry(self, row: Row | None) -> Row | None:
        """Return what the index keeps of *row*; ``None`` for an item without the index's keys."""
        if row is None or not all(name in row.item for name in self.spec.key.names):
            return None
        if self.spec.projection == ALL:
            return row
        kept = {name: value for name, value in row.item.items() if name in self.projected}
        return Row(kept, item_size(kept))

    def position(self, item: Attributes, key: Key) -> tuple[object, ...]:
        """Return where the entry of the item at *key* stands within its partition."""
        sort = self.spec.key.sort
        return (normal(item[sort]) if sort else "", *key)

    def _show(self) -> None:
        while len(self._held) > self._lag:
            self._apply(*self._held.popleft())

    def _apply(self, key: Key, row: Row | None) -> None:
        before = self._places.pop(key, None)
        entry = self.entry(row)
        place: Place | None = None
        if entry is not None:
            partition = normal(entry.item[self.spec.key.partition])
            place = partition, self.position(entry.item, key)
        if before is not None and before != place:
            self.rows.remove(*before)
        if place is not None and entry is not None:
            self.rows.put(*place, entry)
            self._places[key] = place
