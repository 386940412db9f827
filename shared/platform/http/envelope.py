"""The one shape of every answer, and RFC 9457 problem details for clients that ask for them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.kernel.clock import SystemClock, to_iso
from shared.kernel.errors import DomainError, FieldError
from shared.platform.http.error_map import status_of
from shared.platform.runtime.context import current
from shared.platform.runtime.errors import DeadlineExceeded, RequestRefused, SystemFault

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode

PROBLEM = "application/problem+json"
SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


def meta(extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the answer's ``meta``: request id, correlation id, timestamp and *extra*."""
    context = current()
    found: dict[str, Any] = {
        "request_id": context.request_id,
        "correlation_id": context.correlation_id or context.request_id,
        "timestamp": to_iso(SystemClock().now()),
    }
    if context.replayed:
        found["idempotent_replay"] = True
    return found | dict(extra or {})


def success(
    data: bytes,
    *,
    status: int,
    message: str,
    warnings: Sequence[str] = (),
) -> bytes:
    """Wrap *data*, which is JSON already, without parsing it.

    An answer that has data may still report a failure (a readiness of 503): the status decides.
    """
    extra: dict[str, Any] = {}
    if warnings:
        extra["warnings"] = list(warnings)
    fine = status < 400  # noqa: PLR2004
    head = {
        "success": fine,
        "status_code": status,
        "type": ("warning" if warnings else "success") if fine else "error",
        "message": message,
    }
    return b'%s,"data":%s,"meta":%s}' % (_json(head)[:-1], data or b"null", _json(meta(extra)))


def failure(error: BaseException, *, accept: str = "") -> tuple[int, list[Any], bytes]:
    """Return status, headers and body for *error*, in the form that ``Accept`` asks for.

    What a client sees of an error that is not its own doing is a sentence and the request id.
    """
    status = status_of(error)
    code, message, details, errors = _public(error)
    headers = [
        *SECURITY_HEADERS,
        (b"cache-control", b"no-store"),
        (b"x-request-id", current().request_id.encode()),
    ]
    if status == 401:  # noqa: PLR2004
        headers.append((b"www-authenticate", _challenge(error, code).encode()))
    if retry_after := getattr(error, "retry_after_seconds", None):
        headers.append((b"retry-after", str(retry_after).encode()))
    headers += getattr(error, "headers", ())
    if PROBLEM in accept:
        kind, body = PROBLEM, _problem(status, code, message, details, errors)
    else:
        kind = "application/json"
        body = {
            "success": False,
            "status_code": status,
            "type": "error",
            "message": message,
            "data": None,
            "meta": meta(),
            "error": {"code": code, "details": details, "errors": errors},
        }
    payload = _json(body)
    headers += [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(payload)).encode()),
    ]
    return status, headers, payload


def _challenge(error: BaseException, code: str) -> str:
    """Return what a client is asked for (RFC 6750); an error may have words of its own."""
    known = 'error="invalid_token"' if code == "INVALID_TOKEN" else ""
    said = getattr(error, "challenge", known)
    return f'Bearer realm="tradewind"{said and f", {said}"}'


def _public(error: BaseException) -> tuple[str, str, dict[str, Any], list[Any]]:
    if isinstance(error, DomainError):
        return error.code, error.message, error.details, _listed(error.errors)
    if isinstance(error, RequestRefused):
        return error.code, error.message, {}, _listed(error.errors)
    if isinstance(error, SystemFault):
        return error.code, error.public_message, dict(error.public_details), []
    if isinstance(error, DeadlineExceeded):
        return error.code, error.public_message, {}, []
    return SystemFault.code, SystemFault.public_message, {}, []


def _listed(errors: Sequence[FieldError]) -> list[dict[str, Any]]:
    """Return *errors* as answers show them; ``field`` is ``loc`` in dots, without its source."""
    return [
        {
            "loc": [*error["loc"]],
            "field": ".".join(map(str, error["loc"][1:])),
            "msg": error["msg"],
            "type": error["type"],
            "params": {**error.get("params", {})},
        }
        for error in errors
    ]


def _problem(
    status: int, code: str, message: str, details: Mapping[str, Any], errors: list[Any]
) -> dict[str, Any]:
    return {
        "type": f"urn:tradewind:error:{code.lower().replace('_', '-')}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": message,
        "instance": f"urn:tradewind:request:{current().request_id}",
        "code": code,
        "details": dict(details),
        "errors": errors,
        "meta": meta(),
    }


def _json(value: Any) -> bytes:
    return _encode(value).encode()
