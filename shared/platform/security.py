"""Who is calling, and what an endpoint demands of them, as FastAPI dependencies.

Every route declares exactly one rule: `require_permission`, `require_any`, `require_admin` or
`public`; a test fails for a route that declares none.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from shared.kernel.errors import AuthenticationFailed, PermissionDenied
from shared.platform.context import set_user_id
from shared.platform.errors import NetworkError
from shared.platform.logging import get_logger
from shared.platform.metrics import meter
from shared.platform.permissions import Permission, Principal, Role, parse_grants
from shared.platform.settings import settings


class InvalidToken(AuthenticationFailed):
    """Credentials came with the request and are no good."""

    code = "INVALID_TOKEN"


class AuthorizerUnavailable(NetworkError):
    """The authorizer could not check the credentials, which may well be good."""

    code = "TEMPORARILY_UNAVAILABLE"
    public_message = "Your credentials cannot be checked right now. Please try again."


async def optional_user(request: Request) -> Principal | None:
    """Return the caller, or ``None`` for an anonymous one; `InvalidToken` for bad credentials."""
    event: dict[str, Any] = request.scope.get("aws.event") or {}
    authorizer = event.get("requestContext", {}).get("authorizer") or {}
    claims: dict[str, Any] = authorizer.get("lambda") or {}
    kind = claims.get("kind", "anonymous")
    if kind == "invalid":
        raise InvalidToken(
            "The credentials are not valid.", details={"reason": claims.get("reason")}
        )
    if kind == "unavailable":
        raise AuthorizerUnavailable("the authorizer could not identify the caller")
    if kind != "user":
        return None
    try:
        user = Principal(
            id=claims["user_id"],
            role=Role(claims["role"]),
            grants=parse_grants(claims.get("grants") or ""),
            session_id=claims.get("session_id"),
        )
    except (KeyError, ValueError) as error:  # a role newer than this function, for one
        raise AuthorizerUnavailable("the authorizer's word is not understood") from error
    set_user_id(user.id)
    return user


OptionalUser = Annotated[Principal | None, Depends(optional_user)]


async def current_user(request: Request) -> Principal:
    """Return the caller; `AuthenticationFailed` for an anonymous one.

    Dependencies here call each other themselves: FastAPI takes some 20 µs to solve each level.
    """
    user = await optional_user(request)
    if user is None:
        raise AuthenticationFailed("Please log in.")
    return user


CurrentUser = Annotated[Principal, Depends(current_user)]


def require_permission(*permissions: Permission) -> Any:
    """Demand every one of *permissions*."""
    return _rule(lambda user: user.may_all(permissions), permissions)


def require_any(*permissions: Permission) -> Any:
    """Demand at least one of *permissions*."""
    return _rule(lambda user: user.may_any(permissions), permissions)


def require_admin() -> Any:
    """Demand the admin role."""
    return _rule(lambda user: user.role is Role.ADMIN, ("role:admin",))


async def _anyone() -> None:
    """Let everybody in; credentials, good or bad, do not matter here."""


_anyone.access = ("public",)  # type: ignore[attr-defined]
public = Depends(_anyone)
"""Declares that an endpoint is open to everybody."""


def _rule(allows: Callable[[Principal], bool], names: tuple[str, ...]) -> Any:
    async def check(request: Request) -> Principal:
        user = await current_user(request)
        if not allows(user):
            deny(user, names, resource=request.scope["path"])
        return user

    check.access = tuple(str(name) for name in names)  # type: ignore[attr-defined]
    return Depends(check)


def deny(user: Principal, needed: tuple[str, ...], *, resource: str) -> None:
    """Log and count the denial, then raise `PermissionDenied`."""
    wanted = [str(name) for name in needed]
    meter().count("PermissionDenied", permission=wanted[0])
    get_logger(settings().service).warning(
        "permission denied", needed=wanted, role=str(user.role), resource=resource
    )
    raise PermissionDenied("You may not do this.", details={"needed": wanted})
