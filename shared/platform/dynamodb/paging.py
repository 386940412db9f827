"""One page of a list = one ``Query``, whichever page it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.kernel.paging import Page, PageRequest
from shared.platform.cursors import CursorCodec, Position
from shared.platform.dynamodb.codec import Item, to_item
from shared.platform.dynamodb.reading import query

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list that a table or an index holds in order.

    ``condition`` and ``values`` are its key condition; ``keys`` names the attributes that place
    an item in it (table and index keys); ``scope`` ties its cursors to it (see `scope_of`).
    """

    condition: str
    values: Mapping[str, Any]
    keys: Sequence[str]
    scope: str
    index: str | None = None
    descending: bool = False
    consistent: bool = False


class Pager:
    """Reads pages of listings."""

    def __init__(self, client: "DynamoDBClient", table: str, cursors: CursorCodec) -> None:
        self._client = client
        self._table = table
        self._cursors = cursors

    def page(self, listing: Listing, asked: PageRequest) -> Page[Item]:
        """Return the page; `InvalidCursor` when the cursor was not made for this listing."""
        position = (
            self._cursors.decode(asked.cursor, scope=listing.scope) if asked.cursor else None
        )
        backward = position is not None and position.backward
        request: dict[str, Any] = {
            "KeyConditionExpression": listing.condition,
            "ExpressionAttributeValues": dict(listing.values),
            "ScanIndexForward": listing.descending == backward,
            "Limit": asked.limit + 1,  # one more than the page tells whether there is another
        }
        if listing.index:
            request["IndexName"] = listing.index
        elif listing.consistent:
            request["ConsistentRead"] = True
        if position is not None:
            request["ExclusiveStartKey"] = to_item(position.key)
        found = query(self._client, self._table, **request)
        more = len(found) > asked.limit
        items = found[: asked.limit]
        if backward:
            items.reverse()
        has_next = bool(items) and (more or backward)
        has_prev = bool(items) and (position is not None if not backward else more)
        return Page(
            items=tuple(items),
            next_cursor=self._cursor(items[-1], listing, backward=False) if has_next else None,
            prev_cursor=self._cursor(items[0], listing, backward=True) if has_prev else None,
        )

    def _cursor(self, item: Item, listing: Listing, *, backward: bool) -> str:
        key = {name: item[name] for name in listing.keys}
        return self._cursors.encode(Position(key, backward), scope=listing.scope)
