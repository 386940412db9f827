"""Who may do what: permissions, the roles that hold them, and the caller."""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Permission(StrEnum):
    """One thing that can be allowed, named ``resource:action``."""

    PROFILE_READ = "profile:read"
    SESSION_READ = "session:read"
    SESSION_END = "session:end"
    CREDENTIAL_CHANGE = "credential:change"
    """Change what one logs in with oneself."""
    API_KEY_READ = "api_key:read"
    API_KEY_MANAGE = "api_key:manage"
    """Make and revoke keys of one's own."""
    USER_ADMIN = "user:admin"
    """Say who may do what, and who may not get in."""
    PRODUCT_READ = "product:read"
    PRODUCT_READ_CONFIDENTIAL = "product:read_confidential"
    PRODUCT_CREATE = "product:create"
    PRODUCT_UPDATE = "product:update"
    PRODUCT_PUBLISH = "product:publish"
    """Change whether a product is confidential."""
    PRODUCT_ADMIN = "product:admin"
    INVENTORY_READ = "inventory:read"
    INVENTORY_ADJUST = "inventory:adjust"
    ORDER_PLACE = "order:place"
    ORDER_READ = "order:read"
    ORDER_CANCEL = "order:cancel"
    ORDER_ADMIN = "order:admin"
    PAYMENT_READ = "payment:read"
    PAYMENT_ADMIN = "payment:admin"
    CUSTOMER_ADMIN = "customer:admin"
    NOTIFICATION_READ = "notification:read"
    NOTIFICATION_ADMIN = "notification:admin"
    FLAG_READ = "flag:read"
    FLAG_SET = "flag:set"
    CLIENT_FORWARD = "client:forward"
    """State for whom one asks: a server of a shop window speaks for all its visitors."""


class Role(StrEnum):
    """A named set of permissions."""

    CUSTOMER = "customer"
    WAREHOUSE = "warehouse"
    SUPPORT = "support"
    SALES = "sales"
    MERCHANDISER = "merchandiser"
    OPERATOR = "operator"
    ADMIN = "admin"


_CUSTOMER = frozenset(
    {
        Permission.PROFILE_READ,
        Permission.SESSION_READ,
        Permission.SESSION_END,
        Permission.CREDENTIAL_CHANGE,
        Permission.API_KEY_READ,
        Permission.API_KEY_MANAGE,
        Permission.PRODUCT_READ,
        Permission.ORDER_PLACE,
        Permission.ORDER_READ,
        Permission.ORDER_CANCEL,
        Permission.PAYMENT_READ,
        Permission.NOTIFICATION_READ,
    }
)
_MERCHANDISER = _CUSTOMER | {
    Permission.PRODUCT_READ_CONFIDENTIAL,
    Permission.PRODUCT_CREATE,
    Permission.PRODUCT_UPDATE,
    Permission.PRODUCT_PUBLISH,
    Permission.INVENTORY_READ,
}
_STAFF = frozenset(
    {
        Permission.PROFILE_READ,
        Permission.SESSION_READ,
        Permission.SESSION_END,
        Permission.CREDENTIAL_CHANGE,
        Permission.API_KEY_READ,
        Permission.API_KEY_MANAGE,
        Permission.PRODUCT_READ,
        Permission.NOTIFICATION_READ,
    }
)
"""What everybody needs who works here; who shops here as well is a customer besides."""

PERMISSIONS_OF: dict[Role, frozenset[Permission]] = {
    Role.CUSTOMER: _CUSTOMER,
    Role.WAREHOUSE: _STAFF
    | {
        Permission.PRODUCT_READ_CONFIDENTIAL,
        Permission.INVENTORY_READ,
        Permission.INVENTORY_ADJUST,
    },
    Role.SUPPORT: _STAFF
    | {
        Permission.INVENTORY_READ,
        Permission.ORDER_READ,
        Permission.ORDER_CANCEL,
        Permission.ORDER_ADMIN,
        Permission.PAYMENT_READ,
        Permission.PAYMENT_ADMIN,
        Permission.CUSTOMER_ADMIN,
    },
    Role.SALES: _STAFF
    | {
        Permission.PRODUCT_READ_CONFIDENTIAL,
        Permission.INVENTORY_READ,
        Permission.ORDER_READ,
        Permission.ORDER_ADMIN,
        Permission.CUSTOMER_ADMIN,
    },
    Role.MERCHANDISER: _MERCHANDISER,
    Role.OPERATOR: _STAFF
    | {
        Permission.ORDER_READ,
        Permission.ORDER_ADMIN,
        Permission.NOTIFICATION_ADMIN,
        Permission.FLAG_READ,
        Permission.FLAG_SET,
    },
    Role.ADMIN: frozenset(Permission),
}

OF_SESSIONS = frozenset(
    {
        Permission.SESSION_READ,
        Permission.SESSION_END,
        Permission.CREDENTIAL_CHANGE,
        Permission.API_KEY_READ,
        Permission.API_KEY_MANAGE,
        Permission.USER_ADMIN,
    }
)
"""What takes somebody who has logged in, and no API key carries: a key that is stolen makes no
other, throws its owner out of nothing, and gives nobody a right.
"""


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Return what *roles* hold together; a role that is not known holds nothing."""
    known = (PERMISSIONS_OF[Role(role)] for role in roles if role in set(Role))
    return frozenset[str]().union(*known)


_BY_NAME = {str(permission): permission for permission in Permission}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The caller as the authorizer identified them.

    A program that came with an API key is its owner, within the key's ``scopes``.
    """

    id: str
    roles: frozenset[Role]
    grants: frozenset[Permission] = field(default=frozenset())
    restrictions: frozenset[Permission] = field(default=frozenset())
    session_id: str | None = None
    api_key_id: str | None = None
    scopes: frozenset[Permission] | None = None
    proven_by: tuple[str, ...] = ()
    """How they have logged in (RFC 8176), where they have."""
    login_age: int | None = None
    """How many seconds ago; ``None`` for who has not, and where nobody said."""

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the roles hold and what was granted besides, but for what is withheld.

        Of that, a program holds what its key's scopes name.
        """
        granted = self.grants.union(*map(PERMISSIONS_OF.__getitem__, self.roles))
        held = granted - self.restrictions
        return held if self.scopes is None else (held & self.scopes) - OF_SESSIONS

    @property
    def role_names(self) -> str:
        """The roles as one text, in the order of their names."""
        return ",".join(sorted(self.roles))

    def is_any(self, roles: Iterable[Role]) -> bool:
        """Tell whether the caller has at least one of *roles*."""
        return not self.roles.isdisjoint(roles)

    def may(self, permission: Permission) -> bool:
        """Tell whether the caller holds *permission*."""
        return permission in self.permissions

    def may_all(self, permissions: Iterable[Permission]) -> bool:
        """Tell whether the caller holds every one of *permissions*."""
        return self.permissions.issuperset(permissions)

    def may_any(self, permissions: Iterable[Permission]) -> bool:
        """Tell whether the caller holds at least one of *permissions*."""
        return not self.permissions.isdisjoint(permissions)


def parse_grants(text: str) -> frozenset[Permission]:
    """Read a comma-separated list of permissions; unknown names grant nothing."""
    if not text:
        return frozenset()
    return frozenset(_BY_NAME[name] for name in text.split(",") if name in _BY_NAME)


class Kind(StrEnum):
    """What the authorizer made of a request's credentials."""

    USER = "user"
    API_KEY = "api_key"
    ANONYMOUS = "anonymous"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"
    UNREADABLE = "unreadable"
    """It spoke in terms that this function does not know: of a newer role, or kind of caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sent a request, in the authorizer's words; ``reason`` says why credentials are invalid.

    ``user_id`` and ``api_key_id`` are there even where ``user`` cannot be made of the rest.
    """

    kind: Kind
    user: Principal | None = None
    user_id: str | None = None
    api_key_id: str | None = None
    reason: str | None = None


_CALLER = "tradewind.caller"
"""Where the scope of a request keeps it."""


def caller_of(scope: MutableMapping[str, Any]) -> Caller:
    """Return who sent the request: read once, whoever asks and how often."""
    known: Caller | None = scope.get(_CALLER)
    if known is None:
        context = (scope.get("aws.event") or {}).get("requestContext", {})
        known = read_caller((context.get("authorizer") or {}).get("lambda") or {})
        scope[_CALLER] = known
    return known


def read_caller(claims: Mapping[str, Any]) -> Caller:
    """Return what the authorizer's words mean; without any, there is none at the route.

    What cannot be read is never taken for a stranger: it may have been somebody with fewer rights.
    """
    match claims.get("principal") or claims.get("kind"):
        case None | Kind.ANONYMOUS:
            return Caller(kind=Kind.ANONYMOUS)
        case Kind.INVALID:
            return Caller(kind=Kind.INVALID, reason=claims.get("reason"))
        case Kind.UNAVAILABLE:
            return Caller(kind=Kind.UNAVAILABLE)
        case Kind.USER:
            return _known(Kind.USER, claims, _user(claims))
        case Kind.API_KEY:
            return _known(Kind.API_KEY, claims, _by_key(claims))
    return _known(Kind.UNREADABLE, claims, None)


def _known(kind: Kind, claims: Mapping[str, Any], user: Principal | None) -> Caller:
    return Caller(
        kind=Kind.UNREADABLE if user is None else kind,
        user=user,
        user_id=claims.get("user_id"),
        api_key_id=claims.get("api_key_id"),
    )


def _by_key(claims: Mapping[str, Any]) -> Principal | None:
    """Return the owner of a key, within its scopes; functions intersect, so that both hold now."""
    if not claims.get("owner_roles"):
        return None
    owner = _user({**claims, "roles": claims["owner_roles"]})
    key_id, scopes = claims.get("api_key_id"), claims.get("scopes")
    if owner is None or not key_id or scopes is None:
        return None
    return replace(
        owner, session_id=None, login_age=None, api_key_id=key_id, scopes=parse_grants(scopes)
    )


def _user(claims: Mapping[str, Any]) -> Principal | None:
    try:
        return Principal(
            id=claims["user_id"],
            roles=frozenset(map(Role, (claims.get("roles") or claims["role"]).split(","))),
            grants=parse_grants(claims.get("grants") or ""),
            restrictions=parse_grants(claims.get("restrictions") or ""),
            session_id=claims.get("session_id"),
            proven_by=tuple(filter(None, (claims.get("amr") or "").split(","))),
            login_age=_seconds(claims.get("login_age")),
        )
    except (KeyError, ValueError):
        return None


def _seconds(said: Any) -> int | None:
    """Return a whole number of seconds; ``None`` for anything else."""
    return int(said) if isinstance(said, str) and said.isascii() and said.isdigit() else None
