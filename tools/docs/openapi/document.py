"""The one OpenAPI 3.1 document of all endpoint functions."""

from collections.abc import Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from shared.platform.access import session_cookies
from tools.docs.openapi.envelope import Failure, Problem
from tools.docs.openapi.functions import Endpoint, check
from tools.docs.openapi.links import add_links
from tools.docs.openapi.operations import (
    BEARER,
    COOKIE,
    REFRESH_COOKIE,
    documented,
    shared_responses,
    takes_csrf_token,
)

_DESCRIPTION = (
    "A headless commerce backend. Every answer has one shape; errors come as problem details "
    "(RFC 9457) to clients that accept them. Wherever there is GET there is HEAD, answered with "
    "the same headers; another method than a path takes is 405 and says in Allow which it takes, "
    "and so does OPTIONS."
)
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and request get the same answer, and have one effect.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "b7c1f7d2-order-1",
}
_IDEMPOTENCY_OF_STRANGERS = _IDEMPOTENCY | {
    "description": "The same key and request get the same answer, and have one effect. "
    "Without an access token a key is one that nobody hits upon, such as a UUID.",
    "schema": {"type": "string", "pattern": "^[!-~]{16,255}$"},
    "example": "b7c1f7d2-7a3e-4c6b-9a41-2f0c6f1f9d10",
}


_CSRF = {
    "name": "X-CSRF-Token",
    "in": "header",
    "required": False,
    "description": "The csrf_token of the session, where it lies in cookies.",
    "schema": {"type": "string"},
}


def assemble(endpoints: Sequence[Endpoint], *, version: str = "1") -> dict[str, Any]:
    """Return the document; `RouteMismatch` unless handlers and templates agree on every route."""
    check(endpoints)
    document = get_openapi(
        title="Tradewind",
        version=version,
        description=_DESCRIPTION,
        routes=[documented(endpoint) for endpoint in endpoints],
        separate_input_output_schemas=False,
    )
    components = document.setdefault("components", {})
    _, definitions = models_json_schema(
        [(Failure, "serialization"), (Problem, "serialization")],
        ref_template="#/components/schemas/{model}",
    )
    schemas = components.setdefault("schemas", {}) | definitions["$defs"]
    components["schemas"] = dict(sorted(schemas.items()))
    components["responses"] = shared_responses()
    components["securitySchemes"] = {
        BEARER: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access_token of POST /api/v1/auth/login.",
        },
        COOKIE: {
            "type": "apiKey",
            "in": "cookie",
            "name": session_cookies.ACCESS,
            "description": "What POST /api/v1/auth/login sets for `session: cookie`. A request by"
            " it that changes something needs X-CSRF-Token. Authorization goes before it.",
        },
        REFRESH_COOKIE: {
            "type": "apiKey",
            "in": "cookie",
            "name": session_cookies.REFRESH,
            "description": "… and what is good for a refresh, and for a log-out.",
        },
    }
    components["parameters"] = {
        "IdempotencyKey": _IDEMPOTENCY,
        "IdempotencyKeyOfStrangers": _IDEMPOTENCY_OF_STRANGERS,
        "CsrfToken": _CSRF,
    }
    for item in document["paths"].values():
        for method, operation in item.items():
            if method in ("post", "put", "patch", "delete"):
                _note_idempotency_key(operation)
                if takes_csrf_token(operation["security"]):
                    _refer(operation, "CsrfToken")
    add_links(document)
    return document


def _note_idempotency_key(operation: dict[str, Any]) -> None:
    known = {BEARER: []} in operation["security"]
    name = "IdempotencyKey" if known else "IdempotencyKeyOfStrangers"
    _refer(operation, name)


def _refer(operation: dict[str, Any], name: str) -> None:
    reference = {"$ref": f"#/components/parameters/{name}"}
    operation.setdefault("parameters", []).append(reference)
