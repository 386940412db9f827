"""Query and Scan: pages of a table or an index, 1 MB or ``Limit`` rows at a time."""

from collections.abc import Iterable, Mapping
from typing import Any

from tools.lab.simulation.engine import capacity
from tools.lab.simulation.engine.collection import Collection, Row
from tools.lab.simulation.engine.errors import Attributes, InvalidChange, invalid
from tools.lab.simulation.engine.expressions import Expression, expressions
from tools.lab.simulation.engine.index import Index
from tools.lab.simulation.engine.paths import picked
from tools.lab.simulation.engine.spec import ALL, Key, KeySchema, only
from tools.lab.simulation.engine.table import Table
from tools.lab.simulation.engine.values import stored_item

KEY_CONDITION, FILTER = "KeyConditionExpression", "FilterExpression"
PROJECTION = "ProjectionExpression"
_SELECTS = ("ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT")


class Listing:
    """A request for pages: where it reads, from which position on, and what it shows."""

    def __init__(
        self, tables: Mapping[str, Table], request: Mapping[str, Any], kinds: tuple[str, ...]
    ) -> None:
        self._request = request
        self._asked = capacity.wanted(request)
        self.found, self.values = expressions(request, kinds)
        self._limit = request.get("Limit")
        if self._limit is not None and self._limit < 1:
            raise invalid(
                f"1 validation error detected: Value '{self._limit}' at 'limit' failed to satisfy"
                " constraint: Member must have value greater than or equal to 1"
            )
        start = request.get("ExclusiveStartKey")
        self._start: Attributes | None = None if start is None else stored_item(start)[0]
        self.table = tables[request["TableName"]]
        self.index = self._index()
        self._refuse_select()
        self._refuse_unprojected()

    @property
    def schema(self) -> KeySchema:
        return self.index.spec.key if self.index else self.table.spec.key

    @property
    def rows(self) -> Collection:
        if self.index:
            return self.index.rows
        return self.table.view(consistent=bool(self._request.get("ConsistentRead")))

    def start(self) -> tuple[Any, Any] | None:
        """Return the partition and the position after which to go on."""
        if self._start is None:
            return None
        names = {*self.table.spec.key.names, *self.schema.names}
        types = self.table.spec.types
        if self._start.keys() != names or not all(
            types[name] in self._start[name] for name in names
        ):
            raise invalid("The provided starting key is invalid")
        try:
            self.table.spec.refuse_key(only(self._start, self.table.spec.key.names))
        except InvalidChange:
            raise invalid("The provided starting key is invalid") from None
        key: Key = self.table.spec.key.key_of(self._start)
        if self.index is None:
            return key
        return self.schema.key_of(self._start)[0], self.index.position(self._start, key)

    def page(self, rows: Iterable[Row]) -> dict[str, Any]:
        """Return the answer: what *rows*, in order, have to show until the page is full."""
        kept: list[Attributes] = []
        scanned = size = 0
        last: Row | None = None
        full = False
        test, most = self._filter(), self.table.freedom.page_bytes
        for row in rows:
            if last is not None and size + row.size > most:
                full = True
                break
            scanned, size, last = scanned + 1, size + row.size, row
            if test is None or (test.test and test.test(row.item, self.values)):
                kept.append(row.item)
            if scanned == self._limit or size >= most:
                full = True
                break
        return self._answer(kept, scanned, size, last if full else None)

    def _answer(
        self, kept: list[Attributes], scanned: int, size: int, last: Row | None
    ) -> dict[str, Any]:
        answer: dict[str, Any] = {"Count": len(kept), "ScannedCount": scanned}
        if self._request.get("Select") != "COUNT":
            projection = self.found.get(PROJECTION)
            answer["Items"] = (
                [picked(item, projection.paths) for item in kept] if projection else kept
            )
        if last is not None:
            names = dict.fromkeys((*self.table.spec.key.names, *self.schema.names))
            answer["LastEvaluatedKey"] = only(last.item, tuple(names))
        if self._asked:
            factor = 1 if self._request.get("ConsistentRead") else 0.5
            bill = capacity.Bill(self._asked, "Read")
            bill.add(
                self.table.spec.name,
                capacity.read_units(size, factor),
                self.index.spec.name if self.index else "",
            )
            (answer["ConsumedCapacity"],) = bill.lines()
        return answer

    def _filter(self) -> Expression | None:
        return self.found.get(FILTER)

    def _index(self) -> Index | None:
        name = self._request.get("IndexName")
        if name is None:
            return None
        index = self.table.indexes.get(name)
        if index is None:
            raise invalid(f"The table does not have the specified index: {name}")
        if self._request.get("ConsistentRead"):
            raise invalid("Consistent reads are not supported on global secondary indexes")
        return index

    def _refuse_unprojected(self) -> None:
        if self.index is None or self.index.spec.projection == ALL:
            return
        for found in self.found.values():
            paths = found.node.paths() if found.node else found.paths
            missing = {str(path[0]) for path in paths} - self.index.projected
            if missing:
                raise invalid(
                    "One or more parameter values were invalid: Global secondary index"
                    f" {self.index.spec.name} does not project {sorted(missing)}"
                )

    def _refuse_select(self) -> None:
        select = self._request.get("Select")
        if select is None:
            return
        if select not in _SELECTS:
            raise invalid(
                f"1 validation error detected: Value '{select}' at 'select' failed to satisfy"
                f" constraint: Member must satisfy enum value set: [{', '.join(_SELECTS)}]"
            )
        if PROJECTION in self.found and select != "SPECIFIC_ATTRIBUTES":
            raise invalid(f"Cannot specify the ProjectionExpression when choosing to get {select}")
        if select == "SPECIFIC_ATTRIBUTES" and PROJECTION not in self.found:
            raise invalid(
                "Must specify the ProjectionExpression when choosing SPECIFIC_ATTRIBUTES"
            )
        if select == "ALL_PROJECTED_ATTRIBUTES" and self.index is None:
            raise invalid(
                "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"
            )
        if select == "ALL_ATTRIBUTES" and self.index and self.index.spec.projection != ALL:
            raise invalid(
                "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not"
                f" supported for global secondary index {self.index.spec.name} because its"
                " projection type is not ALL"
            )
