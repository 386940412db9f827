"""The users, for who administers them."""

from dataclasses import dataclass

from shared.identity.domain.filters import UserFilter
from shared.identity.ports import Profile, UserListReader
from shared.kernel.paging import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUsers:
    """A page of the users that meet *wanted*, as *reader_id* asks for it."""

    page: PageRequest
    wanted: UserFilter
    reader_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUsersHandler:
    """One read a page."""

    users: UserListReader

    def __call__(self, query: ListUsers) -> Page[Profile]:
        """Return the page, newest first; `InvalidCursor` for a cursor of another list."""
        return self.users.page(
            query.page, reader_id=query.reader_id, where=query.wanted.specification()
        )
