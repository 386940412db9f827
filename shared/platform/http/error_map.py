"""The one table that maps errors to HTTP statuses."""

from shared.kernel import errors as domain
from shared.platform.dynamodb.markers import IdempotencyKeyReused, RequestInFlight
from shared.platform.runtime import errors as system

STATUS_OF: dict[type[BaseException], int] = {
    domain.AuthenticationFailed: 401,
    domain.PermissionDenied: 403,
    domain.NotFound: 404,
    domain.AlreadyExists: 409,
    domain.ConcurrencyConflict: 409,
    domain.InvalidState: 409,
    domain.Outdated: 409,
    domain.PreconditionFailed: 412,
    domain.BusinessRuleViolation: 422,
    domain.OperationNotAllowed: 422,
    domain.ValidationFailed: 422,
    domain.TooManyAttempts: 429,
    domain.DomainError: 400,
    RequestInFlight: 409,
    IdempotencyKeyReused: 422,
    system.RateLimitExceeded: 429,
    system.DatabaseBusy: 503,
    system.NetworkError: 503,
    system.ExternalServiceError: 502,
    system.DeadlineExceeded: 504,
    Exception: 500,
}
"""Exception → status. A subclass that is not listed has its nearest ancestor's status."""


def status_of(error: BaseException) -> int:
    """Return the HTTP status for *error*; 500 for what the table does not know."""
    if isinstance(error, system.RequestRefused):
        return error.status
    return next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), 500)
