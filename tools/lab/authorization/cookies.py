"""Callers whose session lies in cookies: the real authorizer says who they are."""

from collections.abc import Mapping
from typing import Any

from shared.identity.adapters.csrf_tokens import CsrfTokens
from shared.identity.adapters.refresh_tokens import RefreshTokens
from shared.identity.adapters.session_tokens import SessionTokens
from shared.identity.adapters.signing_keys import SigningKeys
from shared.identity.adapters.token_signer import AccessTokenSigner
from shared.identity.domain.access import ACCESS_SECONDS, Access, Continuation
from shared.identity.queries import identify_caller as _loaded  # noqa: F401  # for its mutants
from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from shared.platform.access.session_cookies import ACCESS, CSRF_HEADER, REFRESH
from shared.platform.aws.secrets import Secret
from tools.lab.authorization.world import OWNER, SESSION, SIGNING_SECRET, World, invoke
from tools.lab.support.functions import sample_event

AUTHORIZE = "identity/authorize"
RIGHT, NONE, ANOTHERS = "the session's", "", "another session's"
"""Which CSRF token comes along."""


class _Kept:
    """The secret of the scene, as `SecretReader` gives it."""

    def get(self, *, fresh: bool = False) -> Secret:
        del fresh
        return Secret([SIGNING_SECRET])


def in_a_browser(world: World, event: dict[str, Any], *, csrf: str) -> dict[str, Any]:
    """Return *event* as a browser sends it in which the owner is logged in.

    What it carries in its body of a session lies in the cookies then.
    """
    known = world.variables(AUTHORIZE)
    signer = AccessTokenSigner(
        SigningKeys(_Kept()),  # type: ignore[arg-type]  # all that is used of a reader
        issuer=known["TOKEN_ISSUER"],
        audience=known["TOKEN_AUDIENCE"],
    )
    refresh, ours = RefreshTokens(lambda: [SIGNING_SECRET]), CsrfTokens(lambda: [SIGNING_SECRET])
    now = int(SystemClock().now().timestamp())
    access = Access(
        user_id=OWNER,
        session_id=SESSION,
        token_id=new_id(),
        issued_at=now,
        expires_at=now + ACCESS_SECONDS,
    )
    content = Continuation(user_id=OWNER, session_id=SESSION, generation=1)
    given = SessionTokens(signer, refresh, ours).sign_for_cookies(access, content)
    tokens = {RIGHT: given.csrf_token, ANOTHERS: ours.sign(new_id())}
    headers = {**event["headers"]}
    if csrf in tokens:
        headers[CSRF_HEADER] = tokens[csrf]
    sent = {
        **event,
        "headers": headers,
        "cookies": [f"{ACCESS}={given.access_token}", f"{REFRESH}={given.refresh_token}"],
    }
    if "refresh_token" in (event.get("body") or ""):
        del sent["body"]
        headers.pop("content-length"), headers.pop("content-type")
    return sent


def identified(world: World, event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the authorizer's word on *event*."""
    request = {name: event[name] for name in ("headers", "cookies", "requestContext", "routeKey")}
    answer = invoke(world, AUTHORIZE, sample_event("identity", "authorize") | request)
    word: dict[str, Any] = answer["context"]
    return word
