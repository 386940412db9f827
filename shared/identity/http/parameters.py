"""What several of identity's requests carry."""

from typing import Annotated

from fastapi import Depends, Request
from pydantic import Field, SecretStr

from shared.identity.domain.errors import PermissionNotFound, SessionNotFound, UserNotFound
from shared.identity.domain.rights_change import Giver
from shared.kernel.ids import id_check
from shared.platform.access.permissions import Permission, Principal
from shared.platform.access.session_cookies import CSRF_HEADER, Sent, sent

# Generous bounds: the policy and its messages are the domain's. A bound there must be, because
# the password is normalised and hashed before anything else is known about the caller.
PasswordText = Annotated[
    SecretStr, Field(min_length=1, max_length=1_024, examples=["seven quiet otters at dusk"])
]

DeviceTokenText = Annotated[
    str | None,
    Field(
        max_length=200,
        description="What the last log-in on this device answered: a known device gets in"
        " while strangers' wrong guesses lock the account",
    ),
]

RefreshTokenText = Annotated[
    SecretStr,
    Field(
        min_length=1,
        max_length=512,
        examples=["twr_<user>.<session>.<generation>.<tag>"],
    ),
]
"""A refresh token; any text of its length that is none of ours is 401, as one that is over."""


async def _cookies(request: Request) -> Sent:
    """Return what cookies carry; nothing beside a header of credentials, which decides alone."""
    if "authorization" in request.headers:
        return Sent()
    csrf = request.headers.get(CSRF_HEADER, "")
    return sent(request.headers.getlist("cookie"), csrf_token=csrf)


SentCookies = Annotated[Sent, Depends(_cookies)]
"""What the request's cookies carry, where they are how the caller is known."""

MAX_CLIENT = 200


async def _client(request: Request) -> str:
    """Return how the client calls itself, less what belongs into no line of text."""
    name = request.headers.get("user-agent", "")
    return "".join(each for each in name if each.isprintable())[:MAX_CLIENT].strip()


ClientName = Annotated[str, Depends(_client)]
"""How the client calls itself."""

checked_user = id_check(lambda id_: UserNotFound(details={"id": id_[:100]}))
"""An id of a user; `UserNotFound` for what cannot be one."""

checked_session = id_check(SessionNotFound)
"""An id of a session; `SessionNotFound` for what cannot be one."""


def known_permission(name: str) -> str:
    """Return the permission of that name; `PermissionNotFound` where there is none."""
    try:
        return Permission(name)
    except ValueError:
        raise PermissionNotFound(name) from None


def giver(user: Principal) -> Giver:
    """Return the caller as somebody who changes others' rights."""
    return Giver(id=user.id, holds=user.permissions)
