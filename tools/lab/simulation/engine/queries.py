"""Query and Scan."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import Any
from zlib import crc32

from tools.lab.simulation.engine.collection import Row
from tools.lab.simulation.engine.errors import invalid
from tools.lab.simulation.engine.key_conditions import KeyCondition
from tools.lab.simulation.engine.pages import FILTER, KEY_CONDITION, PROJECTION, Listing
from tools.lab.simulation.engine.table import Table

MAX_SEGMENTS = 1_000_000
_OUTSIDE = "The provided starting key is outside query boundaries based on provided conditions"


def query(tables: Mapping[str, Table], request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of one partition in the order of its sort keys."""
    listing = Listing(tables, request, (KEY_CONDITION, FILTER, PROJECTION))
    condition = listing.found.get(KEY_CONDITION)
    if condition is None or condition.node is None:
        raise invalid(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in"
            " the request."
        )
    asked = KeyCondition(condition.node, listing.schema, listing.table.spec.types, listing.values)
    _refuse_key_filter(listing)
    start = listing.start()
    if start is not None and (
        start[0] != asked.partition
        or not asked.covers(start[1], of_index=listing.index is not None)
    ):
        raise invalid(_OUTSIDE)
    forward = request.get("ScanIndexForward", True)
    return listing.page(_rows(listing, asked, start[1] if start else None, forward=forward))


def scan(tables: Mapping[str, Table], request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of everything, or of one segment: whole partitions, in the order of the keys.

    DynamoDB promises no order but that within a partition.
    """
    segment, segments = _segment(request)
    listing = Listing(tables, request, (FILTER, PROJECTION))
    start = listing.start()
    return listing.page(
        row
        for partition, position, row in listing.rows
        if (start is None or (partition, position) > start)
        and (segments == 1 or crc32(repr(partition).encode()) % segments == segment)
    )


def _segment(request: Mapping[str, Any]) -> tuple[int, int]:
    segment, segments = request.get("Segment"), request.get("TotalSegments")
    if segment is None and segments is None:
        return 0, 1
    if segment is None or segments is None:
        raise invalid("Segment and TotalSegments stand together or not at all")
    if not 0 <= segment < segments <= MAX_SEGMENTS:
        raise invalid(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments:"
            f" Segment: {segment}, TotalSegments: {segments}"
        )
    return segment, segments


def _rows(listing: Listing, asked: KeyCondition, start: Any, *, forward: bool) -> Iterator[Row]:
    partition = listing.rows.partitions.get(asked.partition)
    if partition is None:
        return
    order = partition.order
    low, high = asked.range(order, of_index=listing.index is not None)
    if start is not None:
        if forward:
            low = max(low, bisect_right(order, start))
        else:
            high = min(high, bisect_left(order, start))
    for at in range(low, high) if forward else range(high - 1, low - 1, -1):
        yield partition.rows[order[at]]


def _refuse_key_filter(listing: Listing) -> None:
    found = listing.found.get(FILTER)
    if found is None or found.node is None:
        return
    for path in found.node.paths():
        if path[0] in listing.schema.names:
            raise invalid(
                "Filter Expression can only contain non-primary key attributes: Primary key"
                f" attribute: {path[0]}"
            )
