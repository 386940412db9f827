"""Everybody who may come to a route: strangers, roles, and people with one permission each."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from shared.identity.domain.key_text import key_id
from shared.platform.access.permissions import PERMISSIONS_OF, Permission, Role
from tools.lab.authorization.cookies import ANOTHERS, NONE, RIGHT
from tools.lab.authorization.table import EVERYTHING, Line, Table, View
from tools.lab.authorization.world import OTHER, OWNER, THEIRS


@dataclass(frozen=True)
class Caller:
    """Somebody at the door, as the authorizer sees them; *column* is their place in the table.

    *role* is ``None`` for whoever is not known; *context* is the authorizer's word then, and
    ``None`` for an authorizer that is out of order. *role_holds* is what the role holds, where
    that is not what roles hold now: roles are data, and the next one may lack anything. Besides
    the role there are *other_roles*, and *restrictions* are withheld whatever these say.
    *login_age* is how many seconds ago they have logged in, ``None`` where nobody says. *csrf* is
    there for who comes by the owner's cookies: which CSRF token comes along (`cookies`).
    """

    column: str
    role: Role | None = None
    grants: frozenset[Permission] = frozenset()
    is_owner: bool = False
    context: tuple[tuple[str, str], ...] | None = ()
    login_age: int | None = 0
    csrf: str | None = None
    role_holds: frozenset[Permission] | None = None
    other_roles: tuple[Role, ...] = ()
    restrictions: frozenset[Permission] = frozenset()
    scopes: frozenset[str] | None = None
    """Those of the API key that a program of theirs comes with."""

    def held(self, table: Table) -> frozenset[str]:
        """What this caller is to hold: as a role, what *table* gives it."""
        if self.role is None:
            return frozenset()
        of_role = table.roles[self.role] if self.role_holds is None else map(str, self.role_holds)
        of_others = frozenset[str]().union(*(table.roles[role] for role in self.other_roles))
        granted = of_others.union(of_role, map(str, self.grants))
        held = granted - {*map(str, self.restrictions)}
        return held if self.scopes is None else (held & self.scopes) - table.never_by_key

    @contextmanager
    def at_the_door(self) -> Iterator[None]:
        """Have the roles hold what this caller's role is to hold."""
        if self.role is None or self.role_holds is None:
            yield
            return
        with patch.dict(PERMISSIONS_OF, {self.role: self.role_holds}):
            yield

    @property
    def word(self) -> Mapping[str, Any]:
        """What the authorizer tells the function."""
        if self.role is None:
            return dict(self.context or ())
        said = {
            "kind": "user",
            "user_id": OWNER if self.is_owner else OTHER,
            "roles": ",".join((self.role, *self.other_roles)),
            "grants": ",".join(sorted(self.grants)),
            "restrictions": ",".join(sorted(self.restrictions)),
            "session_id": THEIRS,
        }
        if self.scopes is not None:
            del said["session_id"]
            roles = said.pop("roles")
            return said | {
                "owner_roles": roles,
                "principal": "api_key",
                "role": "api_key",
                "api_key_id": key_id(said["user_id"], 1),
                "scopes": ",".join(sorted(self.scopes)),
            }
        if self.login_age is not None:
            said |= {"amr": "pwd", "login_age": str(self.login_age)}
        return said


ANONYMOUS = Caller("anonymous", context=(("kind", "anonymous"),))
INVALID = Caller("invalid token", context=(("kind", "invalid"), ("reason", "expired")))
UNAVAILABLE = Caller("not checked", context=(("kind", "unavailable"),))
NEW_ROLE = Caller(
    "unknown role",
    context=(("kind", "user"), ("user_id", OTHER), ("role", "of tomorrow"), ("grants", "")),
)
NO_AUTHORIZER = Caller("authorizer down", context=None)
BY_COOKIE = Caller("by cookie", Role.CUSTOMER, is_owner=True, csrf=RIGHT)
UNPROVEN = (
    Caller("by cookie, no CSRF token", Role.CUSTOMER, is_owner=True, csrf=NONE),
    Caller("by cookie, another's CSRF token", Role.CUSTOMER, is_owner=True, csrf=ANOTHERS),
)
LONG_AGO = 29 * 86_400
"""Seconds: the age of a log-in whose session ends tomorrow."""
TWO_ROLES = Caller("merchandiser, warehouse", Role.MERCHANDISER, other_roles=(Role.WAREHOUSE,))
"""Neither of which has all that the other has."""
STRANGERS = (ANONYMOUS, INVALID, UNAVAILABLE, NEW_ROLE, NO_AUTHORIZER)


def callers(line: Line, view: View | None, *, is_first: bool, thorough: bool) -> list[Caller]:
    """Return who is tried at a route for *view*, nobody twice.

    Strangers, every role, two at once, who holds nothing; just what the route asks for; that and
    what the object or the change needs besides; everything but one of these, and everything with
    one of these withheld; who has logged in some time ago; who comes by cookies. And, if
    *thorough*: each permission alone, at the *first* view of a route that asks for some; and where
    the object or the change is not open, each permission beside what the route asks for: another
    one than the right one opens nothing. And programs with API keys.
    """
    own = line.who or frozenset()
    words = (view.word, view.may_change) if view else ()
    needed = own.union(*(word.needs for word in words))
    is_mine = bool(view and view.visibility == "own")
    sets = [frozenset[str](), own, needed, *(own | word.needs for word in words)]
    sets += [EVERYTHING - {each} for each in sorted(needed)] or [EVERYTHING]
    if thorough and is_first and line.who is not None:
        sets += [frozenset({each}) for each in sorted(EVERYTHING)]
    if thorough and not all(word.is_open for word in words):
        besides = view.word.needs if view and view.change and not view.may_change.is_open else ()
        sets += [own.union(besides, {each}) for each in sorted(EVERYTHING)]
    strangers = STRANGERS if is_first else (ANONYMOUS,)
    roles = [Caller(str(role), role, is_owner=is_mine) for role in Role]
    if is_first:
        roles.append(replace(TWO_ROLES, is_owner=is_mine))
    roles += [withheld(each, is_owner=is_mine) for each in sorted(needed)]
    aged = aged_callers(own, line, is_owner=is_mine) if is_first and line.who is not None else []
    held = [holding(each, is_owner=is_mine) for each in dict.fromkeys(sets)]
    browsers = [BY_COOKIE, *UNPROVEN] if is_first else []
    keys = programs(line, needed, is_owner=is_mine) if is_first or needed != own else ()
    return [*strangers, *roles, *held, *aged, *browsers, *keys]


def programs(line: Line, needed: frozenset[str], *, is_owner: bool) -> Iterator[Caller]:
    """Yield API keys of every strength: of an administrator, and of people who hold little.

    With every scope there is; with those that the request *needs*, whoever their owner is; with
    all but one of those; with none.
    """
    everything = sorted(EVERYTHING)
    yield by_key(Role.ADMIN, everything, is_owner=is_owner)
    for scopes in dict.fromkeys([needed, line.who or frozenset(), frozenset[str]()]):
        yield by_key(Role.ADMIN, scopes, is_owner=is_owner)
    for missing in sorted(needed):
        yield by_key(Role.ADMIN, EVERYTHING - {missing}, is_owner=is_owner)
    yield by_key(Role.CUSTOMER, everything, is_owner=is_owner)
    yield replace(
        by_key(Role.CUSTOMER, everything, is_owner=is_owner), role_holds=frozenset[Permission]()
    )


def by_key(role: Role, scopes: Iterable[str], *, is_owner: bool) -> Caller:
    """Return a program with a key of somebody in that *role*."""
    names = frozenset(scopes)
    missing = sorted(EVERYTHING - names)
    column = f"all but {', '.join(missing)}" if len(missing) < len(names) else ", ".join(names)
    return Caller(f"key of {role}: {column or 'none'}", role, is_owner=is_owner, scopes=names)


def aged_callers(own: frozenset[str], line: Line, *, is_owner: bool) -> list[Caller]:
    """Return who has logged in some time ago, with what the route asks for and with nothing."""
    most = line.fresh_minutes * 60 if line.fresh_minutes else LONG_AGO
    ages = {"just in time": most, "a second late": most + 1, "of old": LONG_AGO, "ageless": None}
    may = holding(own, is_owner=is_owner)
    lacking = replace(holding((), is_owner=is_owner), column="of old, nothing", login_age=LONG_AGO)
    aged = [
        replace(may, column=f"{may.column}, {name}", login_age=age) for name, age in ages.items()
    ]
    return [*aged, *([lacking] if own else [])]


def withheld(permission: str, *, is_owner: bool = False) -> Caller:
    """Return an administrator from whom *permission* is withheld, though it was granted too."""
    one = frozenset({Permission(permission)})
    return Caller(f"{permission} withheld", Role.ADMIN, one, is_owner, restrictions=one)


def holding(permissions: Iterable[str], *, is_owner: bool = False) -> Caller:
    """Return somebody who holds just *permissions*, whatever their role is called.

    It is one that nobody else has: what it holds is not what it holds elsewhere.
    """
    names = sorted(permissions)
    missing = sorted(EVERYTHING - set(names))
    column = f"all but {', '.join(missing)}" if len(missing) < len(names) else ", ".join(names)
    grants = frozenset(map(Permission, names))
    nothing = frozenset[Permission]()
    return Caller(column or "nothing", Role.OPERATOR, grants, is_owner, role_holds=nothing)
