"""Lists of users over HTTP: which users, and which page of them."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query

from shared.identity.domain.entitlements import Role
from shared.identity.domain.filters import UserFilter
from shared.kernel.paging import PageRequest
from shared.platform.http.pagination import paged
from shared.platform.http.text import Line
from shared.platform.validation.sentences import form
from shared.platform.validation.strict import MOMENT, TRUE_OR_FALSE

_DOMAIN = form(
    r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$",
    "Must be the part of an address after the @, in its xn-- form.",
)

_ROLES = form(f"^({'|'.join(Role)})$", f"Must be one of: {', '.join(Role)}.")


async def _wanted_users(
    is_active: Annotated[bool | None, TRUE_OR_FALSE, Query()] = None,
    search: Annotated[
        Line | None,
        Query(
            min_length=2,
            max_length=100,
            description="Part of the name or of the e-mail address, whatever its case",
        ),
    ] = None,
    email_domain: Annotated[
        str | None, Query(pattern=_DOMAIN, max_length=253, examples=["example.com"])
    ] = None,
    role: Annotated[str | None, Query(pattern=_ROLES, max_length=20, examples=["sales"])] = None,
    created_after: Annotated[
        datetime | None, MOMENT, Query(examples=["2026-01-01T00:00:00Z"])
    ] = None,
) -> UserFilter:
    return UserFilter(
        active=is_active,
        search=search,
        email_domain=email_domain,
        role=role,
        created_after=created_after,
    )


UsersPage = Annotated[PageRequest, paged()]
"""Which page of users."""
WantedUsers = Annotated[UserFilter, Depends(_wanted_users)]
"""Which users."""
