"""Checks an API Gateway event (payload 2.0) before Mangum takes it apart.

The gateway delivers what the client sent: a body that claims to be base64, text that is no valid
UTF-8, a host with a strange port. Whatever cannot be read is left out of the event, which then
says why it is to be refused: so the refusal goes the way of every other answer.
"""

import base64
import binascii
from typing import Any

from starlette.types import Scope

from shared.platform.runtime.errors import RequestRefused

_UNREAD = ("host", "x-forwarded-port", "x-forwarded-proto")
"""Headers that nothing here uses and that Mangum would take for well-formed."""

_REFUSED = "tradewind.refused"
"""Where the event says what is wrong with it."""


def checked(event: dict[str, Any]) -> dict[str, Any]:
    """Return *event* in a form that Mangum reads without error; see `refuse_malformed`."""
    body, wrong = event.get("body") or "", ""
    if event.get("isBase64Encoded"):
        try:
            body = base64.b64decode(body, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            body, wrong = "", "The body is not valid base64 of UTF-8 text."
    headers = {str(key): str(value) for key, value in (event.get("headers") or {}).items()}
    headers = {key: value for key, value in headers.items() if key.lower() not in _UNREAD}
    query, cookies = event.get("rawQueryString") or "", event.get("cookies") or []
    context, path = event["requestContext"], event["requestContext"]["http"]["path"]
    named = "".join([*headers, *headers.values()])
    if not (_sound(named, "latin-1") and _sound("".join([body, query, path, *cookies]))):
        wrong = "The request has characters that cannot be read."
        body, query, cookies = "", "", []
        headers = {key: value for key, value in headers.items() if _sound(key + value, "latin-1")}
        path = path.encode("utf-8", "replace").decode()
    found = {
        **event,
        "body": body,
        "headers": headers,
        "rawQueryString": query,
        "cookies": cookies,
        "isBase64Encoded": False,
    }
    if wrong:
        http = context["http"] | {"path": path}
        found |= {_REFUSED: wrong, "requestContext": context | {"http": http}}
    return found


def refuse_malformed(scope: Scope) -> None:
    """Raise `RequestRefused` for a request that came in an event with something unreadable."""
    wrong = (scope.get("aws.event") or {}).get(_REFUSED)
    if wrong:
        raise RequestRefused(400, "MALFORMED_REQUEST", wrong)


def _sound(text: str, encoding: str = "utf-8") -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
