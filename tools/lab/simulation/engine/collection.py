"""Rows by partition, in the order of their sort keys."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Any, NamedTuple

from tools.lab.simulation.engine.errors import Attributes


class Row(NamedTuple):
    """An item and its size in bytes."""

    item: Attributes
    size: int


class Partition:
    """The rows of one partition key; *order* lists their positions in ascending order."""

    __slots__ = ("order", "rows")

    def __init__(self) -> None:
        self.order: list[Any] = []
        self.rows: dict[Any, Row] = {}

    def copied(self) -> "Partition":
        copy = Partition()
        copy.order, copy.rows = list(self.order), dict(self.rows)
        return copy

    def put(self, position: Any, row: Row) -> None:
        if position not in self.rows:
            if not self.order or self.order[-1] < position:
                self.order.append(position)
            else:
                insort(self.order, position)
        self.rows[position] = row

    def remove(self, position: Any) -> None:
        del self.rows[position]
        del self.order[bisect_left(self.order, position)]


class Collection:
    """All partitions of a table or of an index."""

    __slots__ = ("partitions",)

    def __init__(self) -> None:
        self.partitions: dict[Any, Partition] = {}

    def copied(self) -> "Collection":
        copy = Collection()
        copy.partitions = {key: each.copied() for key, each in self.partitions.items()}
        return copy

    def get(self, partition: Any, position: Any) -> Row | None:
        found = self.partitions.get(partition)
        return None if found is None else found.rows.get(position)

    def put(self, partition: Any, position: Any, row: Row) -> None:
        found = self.partitions.get(partition)
        if found is None:
            found = self.partitions[partition] = Partition()
        found.put(position, row)

    def remove(self, partition: Any, position: Any) -> None:
        found = self.partitions[partition]
        found.remove(position)
        if not found.order:
            del self.partitions[partition]

    def __iter__(self) -> Iterator[tuple[Any, Any, Row]]:
        """Yield partition key, position and row of everything, in order."""
        for key in sorted(self.partitions):
            partition = self.partitions[key]
            for position in partition.order:
                yield key, position, partition.rows[position]
