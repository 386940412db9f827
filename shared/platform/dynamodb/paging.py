"""One page of a list = one ``Query``, whichever page it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.kernel.paging import Page, PageRequest
from shared.kernel.specification import Specification
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.cursors import CursorCodec, Position
from shared.platform.dynamodb.expressions import Expression, Reach, SortKey, reach_of
from shared.platform.dynamodb.reading import query, query_once

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_LOOKED_AT = 1_000
"""Items that one page of a filtered list looks at (less where they fill 1 MB)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list that a table or an index holds in order.

    ``condition`` and ``values`` are its key condition; ``keys`` names the attributes that place
    an item in it (table and index keys); ``scope`` ties its cursors to it (see `scope_of`).
    ``where`` leaves only some of its items: read by their place where ``sort_key`` allows it,
    filtered otherwise.
    """

    condition: str
    values: Mapping[str, Any]
    keys: Sequence[str]
    scope: str
    index: str | None = None
    descending: bool = False
    consistent: bool = False
    where: Specification[Any] | None = None
    sort_key: SortKey | None = None


class Pager:
    """Reads pages of listings."""

    def __init__(self, client: "DynamoDBClient", table: str, cursors: CursorCodec) -> None:
        self._client = client
        self._table = table
        self._cursors = cursors

    def page(self, listing: Listing, asked: PageRequest) -> Page[Item]:
        """Return the page; `InvalidCursor` when the cursor was not made for this listing.

        Without a filter the page is full unless the list ends. With one it holds what was found
        among at most `MAX_LOOKED_AT` items: it may be short or empty and still have a next one.
        A page asked for by its number is read from the start of the list, so it costs what all
        pages up to it cost: bound the depth.
        """
        scope = listing.scope if listing.where is None else f"{listing.scope} {listing.where!r}"
        position = self._cursors.decode(asked.cursor, scope=scope) if asked.cursor else None
        backward = position is not None and position.backward
        reach = reach_of(listing.where, listing.sort_key)
        if reach.is_empty:
            return Page(items=())
        request = _request(listing, reach)
        request["ScanIndexForward"] = listing.descending == backward
        if position is not None:
            request["ExclusiveStartKey"] = position.key
        items, edge = self._read(listing, request, asked, is_filtered=reach.rest is not None)

        def cursor(key: Mapping[str, str], *, back: bool) -> str:
            return self._cursors.encode(Position(key, back), scope=scope)

        ahead = cursor(edge, back=backward) if edge is not None else None
        behind = None
        if position is not None or asked.offset:
            near = _key(items[0], listing) if items else (edge or {})
            behind = cursor(near, back=not backward)
        if backward:
            return Page(items=tuple(reversed(items)), next_cursor=behind, prev_cursor=ahead)
        return Page(items=tuple(items), next_cursor=ahead, prev_cursor=behind)

    def _read(
        self, listing: Listing, request: dict[str, Any], asked: PageRequest, *, is_filtered: bool
    ) -> tuple[list[Item], Mapping[str, str] | None]:
        """Return the items in the order of reading, and the key to read on from, if any."""
        stopped: Mapping[str, str] | None = None
        if is_filtered:
            found, stopped = query_once(self._client, self._table, Limit=MAX_LOOKED_AT, **request)
        else:  # one more than the page tells whether there is another
            wanted = asked.offset + asked.limit + 1
            found = query(self._client, self._table, Limit=wanted, **request)[asked.offset :]
        items = found[: asked.limit]
        return items, _key(items[-1], listing) if len(found) > asked.limit else stopped


def _key(item: Item, listing: Listing) -> dict[str, str]:
    return {name: item[name] for name in listing.keys}


def _request(listing: Listing, reach: Reach) -> dict[str, Any]:
    """Return the parameters of the ``Query``, without where it starts and how far it goes."""
    condition, values = listing.condition, dict(listing.values)
    request: dict[str, Any] = {}
    if listing.sort_key is not None:
        name = listing.sort_key.name
        if reach.low is not None and reach.high is not None:
            condition += f" AND {name} BETWEEN :low AND :high"
        elif reach.low is not None:
            condition += f" AND {name} >= :low"
        elif reach.high is not None:
            condition += f" AND {name} <= :high"
        bounds = {":low": reach.low, ":high": reach.high}
        values |= {bound: value for bound, value in bounds.items() if value is not None}
    if reach.rest is not None:
        expression = Expression.of(reach.rest)
        values |= expression.values
        request["FilterExpression"] = expression.text
        request["ExpressionAttributeNames"] = expression.names
    if listing.index:
        request["IndexName"] = listing.index
    elif listing.consistent:
        request["ConsistentRead"] = True
    return {**request, "KeyConditionExpression": condition, "ExpressionAttributeValues": values}
