"""Every refusal has a stable code, a sentence, and details a program can act on."""

import json
from collections.abc import Iterator

import pytest

from shared.kernel import errors
from shared.kernel.errors import DomainError, InvalidState, StaleAggregate, ValidationFailed

pytestmark = pytest.mark.row("EXC-01")

# The codes are part of the public contract: changing one breaks clients.
CODES = {
    "AlreadyExists": "ALREADY_EXISTS",
    "AuthenticationFailed": "AUTHENTICATION_FAILED",
    "BusinessRuleViolation": "BUSINESS_RULE_VIOLATION",
    "ConcurrencyConflict": "CONCURRENT_UPDATE",
    "DomainError": "DOMAIN_ERROR",
    "InvalidState": "INVALID_STATE",
    "NotFound": "NOT_FOUND",
    "OperationNotAllowed": "OPERATION_NOT_ALLOWED",
    "Outdated": "OUTDATED",
    "PermissionDenied": "PERMISSION_DENIED",
    "PreconditionFailed": "PRECONDITION_FAILED",
    "StaleAggregate": "STALE_AGGREGATE",
    "TooManyAttempts": "TOO_MANY_ATTEMPTS",
    "ValidationFailed": "VALIDATION_FAILED",
}


def kinds() -> Iterator[type[DomainError]]:
    for value in vars(errors).values():
        if isinstance(value, type) and issubclass(value, DomainError):
            yield value


def test_codes_are_stable_and_unique() -> None:
    assert {kind.__name__: kind.code for kind in kinds()} == CODES
    assert len(set(CODES.values())) == len(CODES)


def test_an_error_carries_its_message_and_details() -> None:
    refused = DomainError("No.", details={"why": "because"})
    assert (str(refused), refused.message, refused.details) == ("No.", "No.", {"why": "because"})
    assert DomainError("No.").details == {}


def test_an_invalid_move_says_where_it_would_be_valid() -> None:
    refused = InvalidState("Shipped.", current="shipped", expected=("pending", "paid"))
    assert refused.current == "shipped"
    assert refused.expected == ("pending", "paid")
    assert json.loads(json.dumps(refused.details)) == {
        "current": "shipped",
        "expected": ["pending", "paid"],
    }


def test_validation_lists_every_error() -> None:
    one = ValidationFailed.of("email", "not an address", "email")
    assert one.errors == ({"loc": ("email",), "msg": "not an address", "type": "email"},)
    assert one.message == "not an address"
    both = ValidationFailed("Two.", [*one.errors, *one.errors])
    assert len(both.errors) == 2


def test_a_stale_aggregate_is_a_concurrency_conflict() -> None:
    """What retries conflicts retries stale aggregates too."""
    assert issubclass(StaleAggregate, errors.ConcurrencyConflict)
