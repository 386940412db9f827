"""Checks an API Gateway event (payload 2.0) before Mangum takes it apart.

The gateway delivers what the client sent: a body that claims to be base64, text that is no valid
UTF-8, a host with a strange port. Whatever cannot be read is refused here, inside the envelope.
"""

import base64
import binascii
from typing import Any

from shared.platform.errors import RequestRefused

_UNREAD = ("host", "x-forwarded-port", "x-forwarded-proto")
"""Headers that nothing here uses and that Mangum would take for well-formed."""


def checked(event: dict[str, Any]) -> dict[str, Any]:
    """Return *event* in a form that Mangum reads without error, or raise `RequestRefused`."""
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        try:
            body = base64.b64decode(body, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            raise RequestRefused(
                400, "MALFORMED_REQUEST", "The body is not valid base64 of UTF-8 text."
            ) from None
    headers = {str(key): str(value) for key, value in (event.get("headers") or {}).items()}
    headers = {key: value for key, value in headers.items() if key.lower() not in _UNREAD}
    query, cookies = event.get("rawQueryString") or "", event.get("cookies") or []
    texts = [body, query, event["requestContext"]["http"]["path"]]
    texts += [*headers, *headers.values(), *cookies]
    try:
        "".join(texts).encode("utf-8")
        "".join([*headers, *headers.values()]).encode("latin-1")
    except UnicodeEncodeError:
        raise RequestRefused(
            400, "MALFORMED_REQUEST", "The request has characters that cannot be read."
        ) from None
    return {
        **event,
        "body": body,
        "headers": headers,
        "rawQueryString": query,
        "cookies": cookies,
        "isBase64Encoded": False,
    }
