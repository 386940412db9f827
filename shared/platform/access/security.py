"""Who is calling, and what an endpoint demands of them, as FastAPI dependencies.

Every route declares exactly one rule: `require_permission`, `require_any`, `require_role`,
`require_admin` or `public`; a test fails for a route that declares none. A sensitive one may ask
for a recent log-in besides (`require_recent_login`). What depends on the object asked for is
declared too: `owner_or`, `OwnerOnly`, `holds`. What they are to say is written by hand in
`tests/authorization/who_may.toml`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from shared.kernel.errors import AuthenticationFailed, PermissionDenied
from shared.kernel.refusals import permission_denied
from shared.platform.access.permissions import Kind, Permission, Principal, Role, caller_of
from shared.platform.runtime.context import current, note_ids, set_user_id
from shared.platform.runtime.errors import NetworkError

WITHOUT_CSRF_TOKEN = "csrf_token"  # noqa: S105  # the authorizer's reason
"""Why credentials are no good that would be good for reading."""


class InvalidToken(AuthenticationFailed):
    """Credentials came with the request and are no good."""

    code = "INVALID_TOKEN"
    sentence = "The credentials are not valid."


class CsrfTokenRefused(PermissionDenied):
    """A session's cookie has come with a change, and without the session's CSRF token."""

    code = "CSRF_TOKEN_REFUSED"
    sentence = "Send the CSRF token of this session in X-CSRF-Token."
    at = ("header", "x-csrf-token")


class RecentLoginRequired(AuthenticationFailed):
    """The caller is known and may, and has to log in once more before they do (RFC 9470)."""

    code = "RECENT_LOGIN_REQUIRED"
    sentence = "Please log in again: this takes a log-in not older than {minutes:minute|minutes}."

    def __init__(self, *, minutes: int) -> None:
        max_age = minutes * 60
        super().__init__(details={"minutes": minutes, "max_age": max_age})
        self.challenge = (
            'error="insufficient_user_authentication", '
            f'error_description="A more recent log-in is required", max_age="{max_age}"'
        )


class AuthorizerUnavailable(NetworkError):
    """The authorizer could not check the credentials, which may well be good."""

    code = "TEMPORARILY_UNAVAILABLE"
    public_message = "Your credentials cannot be checked right now. Please try again."


async def optional_user(request: Request) -> Principal | None:
    """Return the caller, or ``None`` for an anonymous one; `InvalidToken` for bad credentials."""
    caller = caller_of(request.scope)
    match caller.kind:
        case Kind.INVALID if caller.reason == WITHOUT_CSRF_TOKEN:
            raise CsrfTokenRefused
        case Kind.INVALID:
            raise InvalidToken(details={"reason": caller.reason})
        case Kind.UNAVAILABLE:
            raise AuthorizerUnavailable("the authorizer could not identify the caller")
        case Kind.UNREADABLE:
            raise AuthorizerUnavailable("the authorizer's answer cannot be read")
    user = caller.user
    if user is not None:
        set_user_id(user.id)
        current().role = user.role_names
        if user.api_key_id is not None:
            note_ids({"api_key_id": user.api_key_id})
    return user


OptionalUser = Annotated[Principal | None, Depends(optional_user)]


async def current_user(request: Request) -> Principal:
    """Return the caller; `AuthenticationFailed` for an anonymous one.

    Dependencies here call each other themselves: FastAPI takes some 20 µs to solve each level.
    """
    user = await optional_user(request)
    if user is None:
        raise AuthenticationFailed
    return user


CurrentUser = Annotated[Principal, Depends(current_user)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a route demands before anything else: *kind* is all, any, role or public."""

    kind: str
    permissions: tuple[Permission, ...] = ()
    roles: tuple[Role, ...] = ()

    def allows(self, user: Principal) -> bool:
        """Tell whether *user* may call the route."""
        if self.kind == "role":
            return user.is_any(self.roles) and user.scopes is None
        if self.kind == "any":
            return user.may_any(self.permissions)
        return user.may_all(self.permissions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """The route acts on objects of one owner; *others* is what everybody else needs, if it helps.

    An object that is not the caller's looks like none.
    """

    others: Permission | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """Some of what the route can do or show is kept for holders of *permission*.

    Everybody else gets *otherwise*: 403, 404 as if it were not there, or 200 without it.
    """

    permission: Permission
    otherwise: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """The route asks for a log-in that is no older."""

    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whose objects a caller may touch: their own, or *everybodys*."""

    user_id: str
    everybodys: bool


def require_permission(*permissions: Permission) -> Any:
    """Demand every one of *permissions*."""
    return _rule(Rule(kind="all", permissions=permissions))


def require_any(*permissions: Permission) -> Any:
    """Demand at least one of *permissions*."""
    return _rule(Rule(kind="any", permissions=permissions))


def require_role(*roles: Role) -> Any:
    """Demand at least one of *roles*.

    For what is a matter of somebody's office. Ask for a permission wherever there is one: it can
    be granted to one person, and withheld from one, and a role can be neither.
    """
    return _rule(Rule(kind="role", roles=roles))


def require_admin() -> Any:
    """Demand the admin role."""
    return require_role(Role.ADMIN)


def require_recent_login(*, minutes: int) -> Any:
    """Demand a log-in of the last so many *minutes*, of who may: write it behind the permission.

    A session goes on for weeks, and whoever finds it open has all of it: what changes who may get
    in, or what they may do, asks for more (ASVS 5.0, 7.5). A log-in of unknown age is too old.
    """

    async def check(request: Request) -> None:
        user = await current_user(request)
        if user.login_age is None or user.login_age > minutes * 60:
            raise RecentLoginRequired(minutes=minutes)

    return _declaring(check, freshness=Freshness(minutes=minutes))


def owner_or(permission: Permission) -> Any:
    """Give the endpoint the caller's `Reach`: everybody's objects for holders of *permission*."""

    async def reach(request: Request) -> Reach:
        user = await current_user(request)
        return Reach(user_id=user.id, everybodys=user.may(permission))

    return _declaring(reach, ownership=Ownership(others=permission))


async def _owner(request: Request) -> Principal:
    return await current_user(request)


def holds(permission: Permission, *, otherwise: int) -> Any:
    """Tell the endpoint whether the caller holds *permission*; see `Reserve`."""

    async def held(request: Request) -> bool:
        user = await optional_user(request)
        return user is not None and user.may(permission)

    return _declaring(held, reserve=Reserve(permission=permission, otherwise=otherwise))


async def _anyone(request: Request) -> None:
    """Let everybody in but for bad credentials, which are 401 on every route that looks at them.

    Where the gateway has no authorizer (log-in, registration, keys, health) nobody looks.
    """
    await optional_user(request)


def _rule(rule: Rule) -> Any:
    names = (*map(str, rule.permissions), *(f"role:{role}" for role in rule.roles))

    async def check(request: Request) -> Principal:
        user = await current_user(request)
        if not rule.allows(user):
            raise permission_denied(*names)
        return user

    return _declaring(check, rule=rule, access=names)


def _declaring(dependency: Callable[..., Any], **declarations: Any) -> Any:
    """Return *dependency* for FastAPI, with what it declares as attributes to be read off it."""
    for name, declaration in declarations.items():
        setattr(dependency, name, declaration)
    return Depends(dependency)


OwnerOnly = Annotated[Principal, _declaring(_owner, ownership=Ownership(others=None))]
"""The caller, where the endpoint shows or touches nothing but what is theirs."""

public = _declaring(_anyone, rule=Rule(kind="public"), access=("public",))
"""Declares that an endpoint is open to everybody."""
