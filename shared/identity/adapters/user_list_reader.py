"""The list of users read from DynamoDB."""

from dataclasses import dataclass
from typing import Any

from shared.identity.adapters.user import USERS, profile_from
from shared.identity.ports import Profile
from shared.kernel.paging import Page, PageRequest
from shared.kernel.specification import Specification
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.cursors import scope_of
from shared.platform.dynamodb.expressions import Part, SortKey
from shared.platform.dynamodb.paging import Listing, Pager

_BY_AGE = SortKey("GSI1SK", (Part("created_at"), Part("id")))


@dataclass(frozen=True, slots=True)
class DynamoUserListReader:
    """One ``Query`` of an index a page; filtered, it looks at a thousand users at most."""

    pager: Pager

    def page(
        self, asked: PageRequest, *, reader_id: str, where: Specification[Any] | None
    ) -> Page[Profile]:
        """Return the page, newest first; see `shared.identity.ports.UserListReader`."""
        listing = Listing(
            condition="GSI1PK = :list",
            values={":list": USERS},
            keys=("PK", "SK", "GSI1PK", "GSI1SK"),
            scope=scope_of("users", {}, principal=reader_id),
            index="GSI1",
            descending=True,
            where=where,
            sort_key=_BY_AGE,
        )
        with repository_call("list", "User"):
            found = self.pager.page(listing, asked)
        return found.map(lambda item: profile_from(item["PK"].partition("#")[2], item))
