"""What can go wrong outside the domain, and the one table that maps errors to HTTP statuses."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Self

from shared.kernel.errors import FieldError


class SystemFault(Exception):
    """Something outside the domain failed; the caller did nothing wrong.

    The message is for us: clients are shown ``public_message``.
    """

    code: ClassVar[str] = "INTERNAL_ERROR"
    public_message: str = "Something went wrong on our side."
    public_details: Mapping[str, Any] = MappingProxyType({})
    retry_after_seconds: int | None = None
    headers: Sequence[tuple[bytes, bytes]] = ()

    def __init__(self, message: str, *, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, Any] = dict(details or {})


class DatabaseError(SystemFault):
    """The database refused or failed a call for reasons of its own."""

    code = "DATABASE_ERROR"


class DatabaseBusy(DatabaseError):
    """Contention or throttling outlasted the retries; nothing was written, try again."""

    code = "TEMPORARILY_UNAVAILABLE"
    public_message = "The service is busy. Please try again."
    retry_after_seconds = 1


class NetworkError(SystemFault):
    """A peer could not be reached."""

    code = "NETWORK_ERROR"
    public_message = "A service we depend on cannot be reached. Please try again."
    retry_after_seconds = 1


class ExternalServiceError(SystemFault):
    """A peer answered with nonsense or an error of its own."""

    code = "EXTERNAL_SERVICE_ERROR"
    public_message = "A service we depend on failed. Please try again."


class ConfigurationError(SystemFault):
    """A setting or the wiring is wrong; the message names it."""

    code = "CONFIGURATION_ERROR"

    @classmethod
    def bad_setting(cls, variable: str, expected: str) -> Self:
        """Return the error for environment variable *variable*, which should be *expected*."""
        return cls(f"setting {variable} must be {expected}", details={"setting": variable})


class SecurityError(SystemFault):
    """A check that protects the system failed; details stay in the log."""

    code = "SECURITY_ERROR"


class RateLimitExceeded(SystemFault):
    """The caller asked too often; ``headers`` say when to come back."""

    code = "RATE_LIMIT_EXCEEDED"

    def __init__(
        self,
        message: str,
        *,
        retry_after_seconds: int,
        policies: Sequence[str] = (),
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        super().__init__(message)
        self.public_message = message
        self.retry_after_seconds = retry_after_seconds
        self.headers = headers
        self.public_details = {
            "retry_after_seconds": retry_after_seconds,
            "violated_policies": [*policies],
        }


class RequestRefused(Exception):
    """The HTTP request itself is unacceptable, before any use case saw it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Sequence[tuple[bytes, bytes]] = (),
        at: Sequence[str | int] = (),
    ) -> None:
        """*at* is the place in the request: ``("header", "content-type")``."""
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers
        wrong: FieldError = {"loc": at, "msg": message, "type": code.lower()}
        self.errors: list[FieldError] = [wrong] if at else []


class DeadlineExceeded(BaseException):
    """The function is about to be killed by Lambda; raised by an alarm inside whatever runs.

    Not an `Exception`, so that no ``except Exception`` on the way can swallow it.
    """

    code: ClassVar[str] = "TIMEOUT"
    public_message = "This took too long. Please try again."
