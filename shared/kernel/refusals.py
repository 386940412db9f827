"""The common refusals, each in one line: ``raise resource_not_found("order", order_id)``."""

from typing import TypeVar

from shared.kernel.errors import (
    AlreadyExists,
    BusinessRuleViolation,
    DomainError,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)

T = TypeVar("T")

_SHOWN = 100  # characters of an id that came from outside


def ensure_not_none(found: T | None, otherwise: DomainError) -> T:
    """Return what was *found*; raise *otherwise* if that is ``None``."""
    if found is None:
        raise otherwise
    return found


def resource_not_found(resource: str, id: str) -> NotFound:
    """Return the refusal of a *resource* that has no class of its own for this."""
    details = {"resource": resource, "id": id[:_SHOWN]}
    return NotFound(f"There is no {resource.lower()} {details['id']}.", details=details)


def resource_already_exists(
    resource: str, *, kind: type[AlreadyExists] = AlreadyExists
) -> AlreadyExists:
    """Return the refusal of a second *resource* with a value that only one can have."""
    return kind(details={"resource": resource})


def validation_error(field: str, message: str, kind: str = "value_error") -> ValidationFailed:
    """Return the refusal of one *field*'s value."""
    return ValidationFailed.of(field, message, kind)


def permission_denied(*needed: str) -> PermissionDenied:
    """Return the refusal of somebody who lacks a permission *needed*."""
    return PermissionDenied(details={"needed": [*needed]})


def business_logic_error(
    kind: type[BusinessRuleViolation] = BusinessRuleViolation, **details: object
) -> BusinessRuleViolation:
    """Return the refusal by a rule of the business, with the facts that led to it."""
    return kind(details=details)
