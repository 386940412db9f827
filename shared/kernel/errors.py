"""Everything the domain may refuse to do. Transports translate; the domain never knows HTTP.

Each class carries a stable ``code`` that is part of the public contract, a ``sentence`` for
people, and ``details``: plain JSON values a program can act on. Without a message of its own an
error says its sentence, filled in from its details.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, NotRequired, Self, TypedDict

from shared.kernel.messages import say


class FieldError(TypedDict):
    """One thing wrong with one input: where (``loc``), what (``msg``), which rule (``type``).

    ``params`` are the facts of the sentence as plain JSON values, for clients that say it in
    another language: the ``limit`` that was passed, the values ``allowed``.
    """

    loc: Sequence[str | int]
    msg: str
    type: str
    params: NotRequired[Mapping[str, Any]]


class DomainError(Exception):
    """A refusal the caller can act on; nothing has been changed when it is raised."""

    code: str = "DOMAIN_ERROR"
    sentence: ClassVar[str] = "This is not possible."
    at: ClassVar[Sequence[str | int]] = ()
    """The input that a refusal of this kind is about, where it is always the same one."""
    final: ClassVar[bool] = False
    """It holds for a repeated request too, whatever the first was answered: what was
    handed out then has been taken back.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        details: Mapping[str, Any] | None = None,
        errors: Sequence[FieldError] | None = None,
    ) -> None:
        self.details: dict[str, Any] = dict(details or {})
        self.message = message or say(self.sentence, **self.details)
        if errors is None and self.at:
            errors = [{"loc": self.at, "msg": self.message, "type": self.code.lower()}]
        self.errors: tuple[FieldError, ...] = tuple(errors or ())
        super().__init__(self.message)


class NotFound(DomainError):
    """The thing asked for does not exist, or must look as if it did not."""

    code = "NOT_FOUND"
    sentence = "This does not exist."
    hidden = False
    """It exists, and the caller may not know: the answer looks the same, the
    security log does not.
    """

    def hiding(self) -> Self:
        """Say that the thing exists and is kept from the caller; return the error itself."""
        self.hidden = True
        return self


class AlreadyExists(DomainError):
    """A unique value (an e-mail, a mnemonic) is taken."""

    code = "ALREADY_EXISTS"
    sentence = "This exists already."


class AuthenticationFailed(DomainError):
    """The caller did not prove who they are."""

    code = "AUTHENTICATION_FAILED"
    sentence = "Please log in."


class TooManyAttempts(DomainError):
    """Too many attempts have failed; ``retry_after_seconds`` says when the next one counts."""

    code = "TOO_MANY_ATTEMPTS"
    sentence = (
        "Too many attempts have failed. Please try again in {retry_after_seconds:second|seconds}."
    )

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__(details={"retry_after_seconds": retry_after_seconds})
        self.retry_after_seconds = retry_after_seconds


class PermissionDenied(DomainError):
    """The caller is known and may not do this."""

    code = "PERMISSION_DENIED"
    sentence = "You are not allowed to do this."


class BusinessRuleViolation(DomainError):
    """A rule of the business forbids the change."""

    code = "BUSINESS_RULE_VIOLATION"
    sentence = "A rule of the shop forbids this."


class OperationNotAllowed(DomainError):
    """The operation is never possible on this kind of object."""

    code = "OPERATION_NOT_ALLOWED"
    sentence = "This operation is never possible here."


class InvalidState(DomainError):
    """The object's present state does not allow the move; says which states would."""

    code = "INVALID_STATE"
    sentence = "This is not possible in the state {current}."

    def __init__(
        self, message: str | None = None, *, current: str, expected: Sequence[str]
    ) -> None:
        super().__init__(message, details={"current": current, "expected": list(expected)})
        self.current = current
        self.expected = tuple(expected)


class ValidationFailed(DomainError):
    """One or more inputs are wrong; every one of them is listed in ``errors``."""

    code = "VALIDATION_FAILED"
    sentence = "The request is not valid."

    def __init__(self, message: str | None, errors: Sequence[FieldError]) -> None:
        super().__init__(message, errors=errors)

    @classmethod
    def of(
        cls, loc: str | int, msg: str, kind: str = "value_error", **params: Any
    ) -> "ValidationFailed":
        """Return the error for a single field; *params* are the facts of its sentence."""
        error: FieldError = {"loc": (loc,), "msg": msg, "type": kind}
        if params:
            error["params"] = params
        return cls(msg, [error])


class ConcurrencyConflict(DomainError):
    """Somebody else changed the object in between; reading it again and retrying may succeed."""

    code = "CONCURRENT_UPDATE"
    sentence = "Somebody else changed this at the same time. Please try again."


class StaleAggregate(ConcurrencyConflict):
    """The stored version is no longer the one that was loaded."""

    code = "STALE_AGGREGATE"
    sentence = "Somebody else has changed this in the meantime. Please try again."


class Outdated(DomainError):
    """What the caller named as what they rely on is so no longer: they have to decide anew."""

    code = "OUTDATED"
    sentence = "This has changed since you read it."


class PreconditionFailed(DomainError):
    """The caller named versions (``If-Match``) and the object is at another one."""

    code = "PRECONDITION_FAILED"
    sentence = "This has changed since you read it; its version is now {version}."
    at = ("header", "if-match")

    def __init__(self, *, version: int) -> None:
        super().__init__(details={"version": version})

    @classmethod
    def check(cls, versions: Collection[int] | None, *, version: int) -> None:
        """Raise it where *version* is none of the *versions* named; ``None`` names any."""
        if versions is not None and version not in versions:
            raise cls(version=version)


class NotYet(Exception):
    """It is too early, and nobody's fault: *seconds* from now it can be told.

    A consumer leaves its message for so long, and counts no failure.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:.0f} seconds")
        self.seconds = seconds
