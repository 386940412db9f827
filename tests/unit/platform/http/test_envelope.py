"""The one shape of every answer, whatever went wrong."""

import json

import pytest

from shared.kernel.errors import (
    AuthenticationFailed,
    BusinessRuleViolation,
    ConcurrencyConflict,
    DomainError,
    InvalidState,
    NotFound,
    OperationNotAllowed,
    Outdated,
    PreconditionFailed,
    StaleAggregate,
    TooManyAttempts,
    ValidationFailed,
)
from shared.platform.dynamodb.markers import IdempotencyKeyReused, RequestInFlight
from shared.platform.http.envelope import failure, meta, success
from shared.platform.http.error_map import STATUS_OF, status_of
from shared.platform.runtime.context import request_context
from shared.platform.runtime.errors import (
    ConfigurationError,
    DatabaseError,
    DeadlineExceeded,
    NetworkError,
    RequestRefused,
    SecurityError,
)

pytestmark = pytest.mark.row("API-01")

ERRORS = [
    (DomainError("no"), 400, "DOMAIN_ERROR"),
    (AuthenticationFailed("who?"), 401, "AUTHENTICATION_FAILED"),
    (NotFound("gone", details={"id": "x"}), 404, "NOT_FOUND"),
    (InvalidState("late", current="a", expected=["b"]), 409, "INVALID_STATE"),
    (Outdated(), 409, "OUTDATED"),
    (ConcurrencyConflict("again"), 409, "CONCURRENT_UPDATE"),
    (StaleAggregate("again"), 409, "STALE_AGGREGATE"),
    (RequestInFlight("wait"), 409, "IDEMPOTENCY_IN_FLIGHT"),
    (PreconditionFailed(version=2), 412, "PRECONDITION_FAILED"),
    (BusinessRuleViolation("rule"), 422, "BUSINESS_RULE_VIOLATION"),
    (OperationNotAllowed("never"), 422, "OPERATION_NOT_ALLOWED"),
    (ValidationFailed.of("name", "too long"), 422, "VALIDATION_FAILED"),
    (IdempotencyKeyReused("other"), 422, "IDEMPOTENCY_KEY_REUSED"),
    (TooManyAttempts(retry_after_seconds=30), 429, "TOO_MANY_ATTEMPTS"),
    (RequestRefused(413, "BODY_TOO_LARGE", "big"), 413, "BODY_TOO_LARGE"),
    (ConfigurationError("hush"), 500, "CONFIGURATION_ERROR"),
    (SecurityError("hush"), 500, "SECURITY_ERROR"),
    (DatabaseError("hush"), 500, "DATABASE_ERROR"),
    (RuntimeError("hush"), 500, "INTERNAL_ERROR"),
    (NetworkError("hush"), 503, "NETWORK_ERROR"),
    (DeadlineExceeded("hush"), 504, "TIMEOUT"),
]
kinds = pytest.mark.parametrize(
    ("error", "status", "code"), ERRORS, ids=[type(error).__name__ for error, _, _ in ERRORS]
)


def sent(data: bytes = b"{}", **options):
    options = {"status": 200, "message": "OK"} | options
    with request_context(request_id="r-1", correlation_id="c-1"):
        return json.loads(success(data, **options))


@kinds
@pytest.mark.row("EXC-02", "ERR-03")
def test_an_error_says_the_same_in_the_envelope_and_as_a_problem(error, status, code):
    with request_context(request_id="r-1"):
        found, headers, body = failure(error)
        _, _, problem = failure(error, accept="application/problem+json, */*")
    enveloped, problem = json.loads(body), json.loads(problem)
    assert found == status
    assert set(enveloped) == {
        "success", "status_code", "type", "message", "data", "meta", "error"
    }  # fmt: skip
    assert (enveloped["success"], enveloped["type"], enveloped["data"]) == (False, "error", None)
    assert (enveloped["status_code"], enveloped["error"]["code"]) == (status, code)
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["detail"] == enveloped["message"]
    assert problem["errors"] == enveloped["error"]["errors"]
    assert problem["instance"] == "urn:tradewind:request:r-1"
    assert dict(headers)[b"content-length"] == str(len(body)).encode()


@kinds
def test_nothing_internal_gets_out(error, status, code):
    _, headers, body = failure(error)
    assert b"hush" not in body
    assert dict(headers)[b"cache-control"] == b"no-store"
    assert dict(headers)[b"x-content-type-options"] == b"nosniff"
    assert (b"www-authenticate" in dict(headers)) is (status == 401)
    assert (b"retry-after" in dict(headers)) is (code in ("TOO_MANY_ATTEMPTS", "NETWORK_ERROR"))


@pytest.mark.row("EXC-02")
def test_an_unlisted_subclass_has_its_nearest_ancestor_s_status():
    class SoldOut(InvalidState):
        pass

    assert status_of(SoldOut("no", current="a", expected=[])) == 409
    assert status_of(KeyError()) == 500
    assert set(STATUS_OF.values()) >= {400, 401, 403, 404, 409, 422, 429, 500, 502, 503}


def test_validation_lists_every_field_with_where_what_and_which_rule():
    error = ValidationFailed(
        "Not valid.", [{"loc": ("body", "lines", 0), "msg": "too many", "type": "too_long"}]
    )
    (_, _, body) = failure(error)
    assert json.loads(body)["error"]["errors"] == [
        {
            "loc": ["body", "lines", 0],
            "field": "lines.0",
            "msg": "too many",
            "type": "too_long",
            "params": {},
        }
    ]


@pytest.mark.parametrize(
    ("status", "warnings", "kind", "fine"),
    [
        (200, (), "success", True),
        (201, (), "success", True),
        (200, ("line 3 was left out",), "warning", True),
        (503, (), "error", False),
    ],
)
def test_the_status_and_the_warnings_decide_the_type(status, warnings, kind, fine):
    body = sent(b'{"a":1}', status=status, warnings=warnings)
    assert (body["success"], body["status_code"], body["type"]) == (fine, status, kind)
    assert body["data"] == {"a": 1}
    assert body["meta"].get("warnings", []) == list(warnings)


def test_no_data_is_null_and_meta_says_which_request():
    body = sent(b"", message="Schlie\u00dflich \u2603")
    assert (body["data"], body["message"]) == (None, "Schlie\u00dflich \u2603")
    assert (body["meta"]["request_id"], body["meta"]["correlation_id"]) == ("r-1", "c-1")


@pytest.mark.row("API-03")
def test_a_replay_says_so_and_nothing_else_does():
    with request_context() as context:
        assert "idempotent_replay" not in meta()
        context.replayed = True
        assert meta()["idempotent_replay"] is True
    with request_context(request_id="r-1"):
        assert meta()["correlation_id"] == "r-1"


def test_details_that_are_no_json_are_written_as_text():
    _, _, body = failure(NotFound("gone", details={"ids": {1}}))
    assert json.loads(body)["error"]["details"] == {"ids": "{1}"}
