"""HTTP API events (payload version 2.0) as API Gateway sends them to a function."""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4


@dataclass(frozen=True)
class Caller:
    """Who calls, as our authorizer describes them to the function.

    *grants* are permissions beyond those of the role and of the *other_roles*; *restrictions* are
    withheld whatever these say.
    """

    user_id: str = "0190a000-0000-7000-8000-000000000001"
    role: str = "customer"
    grants: Sequence[str] = ()
    other_roles: Sequence[str] = ()
    restrictions: Sequence[str] = ()
    session_id: str = "session-1"
    login_age: int | None = 0
    """Seconds since they have logged in; ``None`` where the authorizer does not say."""

    def context(self) -> dict[str, Any]:
        """Return the authorizer's context."""
        said: dict[str, Any] = {
            "kind": "user",
            "user_id": self.user_id,
            "roles": ",".join((self.role, *self.other_roles)),
            "grants": ",".join(self.grants),
            "restrictions": ",".join(self.restrictions),
            "session_id": self.session_id,
        }
        if not self.other_roles and not self.restrictions:
            said["role"] = self.role
        if self.login_age is not None:
            said |= {"amr": "pwd", "login_age": str(self.login_age)}
        return said


@dataclass(frozen=True)
class ByKey(Caller):
    """A program that comes with an API key of theirs, which carries *scopes*."""

    scopes: Sequence[str] = ()
    api_key_id: str = "02x5L6n2fuxI8jD9VUzDKT001"

    def context(self) -> dict[str, Any]:
        """Return the authorizer's context."""
        known = super().context()
        for of_a_session in ("session_id", "amr", "login_age"):
            known.pop(of_a_session, None)
        roles = known.pop("roles")
        return known | {
            "principal": "api_key",
            "role": "api_key",
            "owner_roles": roles,
            "api_key_id": self.api_key_id,
            "scopes": ",".join(self.scopes),
        }


ADMIN = Caller(user_id="0190a000-0000-7000-8000-00000000000a", role="admin")
ANONYMOUS: Mapping[str, Any] = {"kind": "anonymous"}
"""The authorizer's context of a request without credentials."""
INVALID: Mapping[str, Any] = {"kind": "invalid", "reason": "expired"}
"""The authorizer's context of a request whose credentials are no good."""


def http_event(  # noqa: PLR0913  # as many parts as a request has
    method: str,
    path: str,
    *,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    caller: Caller | Mapping[str, Any] | None = None,
    path_parameters: Mapping[str, str] | None = None,
    route: str | None = None,
    request_id: str | None = None,
) -> dict[str, Any]:
    """Return the event of one request.

    *body*: ``bytes`` are sent base64-encoded as they are, ``str`` as it is, anything else as JSON.
    *caller*: a `Caller`, a raw authorizer context such as `ANONYMOUS`, or ``None`` for a route
    that the authorizer does not protect.
    """
    sent = {"host": "api.test", "user-agent": "pytest", "accept": "*/*"}
    text: str | None = None
    encoded = isinstance(body, bytes)
    if isinstance(body, bytes):
        text = base64.b64encode(body).decode()
    elif isinstance(body, str):
        text = body
    elif body is not None:
        text = json.dumps(body)
    if text is not None:
        size = len(body) if isinstance(body, bytes) else len(text.encode(errors="surrogatepass"))
        sent |= {"content-type": "application/json", "content-length": str(size)}
    sent |= {name.lower(): value for name, value in (headers or {}).items()}
    context: dict[str, Any] = {
        "accountId": "000000000000",
        "apiId": "api",
        "domainName": "api.test",
        "domainPrefix": "api",
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": "203.0.113.7",
            "userAgent": sent["user-agent"],
        },
        "requestId": request_id or str(uuid4()),
        "routeKey": f"{method} {route or path}",
        "stage": "$default",
        "time": "01/Jan/2026:00:00:00 +0000",
        "timeEpoch": 1_767_225_600_000,
    }
    if caller is not None:
        known = caller.context() if isinstance(caller, Caller) else dict(caller)
        context["authorizer"] = {"lambda": known}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": context["routeKey"],
        "rawPath": path,
        "rawQueryString": urlencode(query),
        "headers": sent,
        "requestContext": context,
        "isBase64Encoded": encoded,
    }
    if query:
        event["queryStringParameters"] = dict(query)
    if path_parameters:
        event["pathParameters"] = dict(path_parameters)
    if text is not None:
        event["body"] = text
    return event


def json_of(response: Mapping[str, Any]) -> Any:
    """Return the JSON body of a function's response."""
    body = response["body"]
    if response.get("isBase64Encoded"):
        body = base64.b64decode(body)
    if response["headers"].get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return json.loads(body)
