"""A request as a client sends it, and the event that API Gateway makes of it."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import unquote

_TEXT_TYPES = ("text/", "application/json", "application/javascript", "application/xml")


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. *path* and *query* are as they are on the wire, percent-encoded.

    *edits* are what is wrong with the event itself (`None` removes a key): a gateway that lies.
    *token* names who calls; it becomes the ``Authorization`` header unless there is one.
    """

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    token: str = ""
    edits: tuple[tuple[str, Any], ...] = field(default=())

    def with_header(self, name: str, value: str, *, more: bool = False) -> Self:
        """Return the request with that header, in place of what it had of the name or *more*."""
        kept = [pair for pair in self.headers if more or pair[0].lower() != name.lower()]
        return replace(self, headers=(*kept, (name, value)))

    def header(self, name: str) -> str:
        """Return the first value of a header, or nothing."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), "")


def event_of(request: Request, *, route: str, decoded: bool) -> dict[str, Any]:
    """Return the event (payload 2.0), without the authorizer's word.

    *decoded*: whether the gateway has percent-decoded the path already; both are seen.
    """
    headers: dict[str, str] = {"host": "api.test"}
    cookies: list[str] = []
    for name, value in request.headers:
        key = name.lower()
        if key == "cookie":
            cookies += value.split("; ")
        else:
            headers[key] = f"{headers[key]},{value}" if key in headers else value
    path = unquote(request.path, errors="replace") if decoded else request.path
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "api",
            "domainName": "api.test",
            "http": {
                "method": request.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": "gateway-request",
            "routeKey": route,
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if request.body is not None:
        event["body"], event["isBase64Encoded"] = _body(request.body, headers)
    return edited(event, request.edits)


def edited(event: dict[str, Any], edits: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    """Return *event* with keys set, or removed where the value is ``...``."""
    found = dict(event)
    for key, value in edits:
        if value is ...:
            found.pop(key, None)
        else:
            found[key] = value
    return found


def with_caller(event: dict[str, Any], caller: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return *event* with what the authorizer said."""
    if caller is None:
        return event
    context = {**event["requestContext"], "authorizer": {"lambda": dict(caller)}}
    return {**event, "requestContext": context}


def _body(body: bytes, headers: Mapping[str, str]) -> tuple[str, bool]:
    """Return the body as the gateway hands it over: text where it takes it for text."""
    kind = headers.get("content-type", "").lower()
    if kind.startswith(_TEXT_TYPES) and "content-encoding" not in headers:
        try:
            return body.decode("utf-8"), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True
