"""What a caller is to get, worked out from what the route declares; nothing is listed by hand."""

from dataclasses import dataclass, replace

from shared.platform.access.permissions import Role
from shared.platform.access.security import Reserve
from tools.lab.authorization.callers import INVALID, NO_AUTHORIZER, STRANGERS, Caller
from tools.lab.authorization.endpoints import Endpoint

UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, BROKEN, UNAVAILABLE = 401, 403, 404, 500, 503
DENIED, OBJECT_DENIED = "permission.denied", "permission.object_denied"


@dataclass(frozen=True)
class Outcome:
    """What came of a request.

    *shown* tells whether the answer has what not everybody may see (``None``: there is no such
    thing here), *denials* which denial events were published, *wrote* whether anything else was
    written (``None``: it does not matter).
    """

    status: int
    shown: bool | None = None
    denials: tuple[str, ...] = ()
    wrote: bool | None = None

    def differs(self, found: "Outcome") -> bool:
        """Tell whether *found* is not what is expected here."""
        return (
            self.status != found.status
            or (self.shown is not None and self.shown != found.shown)
            or self.denials != found.denials
            or (self.wrote is not None and self.wrote != found.wrote)
        )

    def __str__(self) -> str:
        return f"{self.status}{' hidden' if self.shown is False else ''}"


def expected(endpoint: Endpoint, caller: Caller, case: Reserve | None) -> Outcome:
    """Return what *caller* is to get; *case* is the reserve that the request touches.

    ``HEAD`` is judged as ``GET`` and shows nobody anything.
    """
    found = _expected(endpoint, caller, case)
    return replace(found, shown=found.shown and False) if endpoint.method == "HEAD" else found


def _expected(endpoint: Endpoint, caller: Caller, case: Reserve | None) -> Outcome:
    if caller is NO_AUTHORIZER:
        # The gateway fails a request that it cannot have identified, and no other.
        return _refused(BROKEN) if endpoint.asks_who else _welcome(endpoint, case)
    if not endpoint.asks_who:
        return _welcome(endpoint, case)
    if caller in STRANGERS and caller.word["kind"] != "anonymous":
        return _refused(UNAUTHENTICATED if caller is INVALID else UNAVAILABLE)
    if caller.role is None and endpoint.rule.kind != "public":
        return _refused(UNAUTHENTICATED)
    if not _passes(endpoint, caller):
        return _refused(FORBIDDEN, DENIED)
    return _of_object(endpoint, caller, case)


def _passes(endpoint: Endpoint, caller: Caller) -> bool:
    held = [permission in caller.permissions for permission in endpoint.rule.permissions]
    return {
        "public": True,
        "admin": caller.role is Role.ADMIN,
        "all": all(held),
        "any": any(held),
    }[endpoint.rule.kind]


def _of_object(endpoint: Endpoint, caller: Caller, case: Reserve | None) -> Outcome:
    if (ownership := endpoint.ownership) is not None:
        reaches = caller.is_owner or ownership.others in caller.permissions
        if endpoint.names_an_object and not reaches:
            return _refused(NOT_FOUND, OBJECT_DENIED)
        if not endpoint.names_an_object:
            return Outcome(endpoint.success, shown=reaches)
    if case is not None and case.permission not in caller.permissions:
        known = (OBJECT_DENIED if case.otherwise == NOT_FOUND else DENIED,)
        if case.otherwise == endpoint.success:
            return Outcome(case.otherwise, shown=False)
        return _refused(case.otherwise, *(known if caller.role else ()))
    return _welcome(endpoint, case)


def _welcome(endpoint: Endpoint, case: Reserve | None) -> Outcome:
    lists = case is not None and case.otherwise == endpoint.success
    return Outcome(endpoint.success, shown=True if lists else None)


def _refused(status: int, *denials: str) -> Outcome:
    return Outcome(status, denials=denials, wrote=False)
