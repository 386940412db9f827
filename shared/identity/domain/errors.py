"""What identity refuses."""

from collections.abc import Sequence
from typing import ClassVar

from shared.kernel.errors import (
    AlreadyExists,
    AuthenticationFailed,
    BusinessRuleViolation,
    ConcurrencyConflict,
    FieldError,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)


class InvalidCredentials(AuthenticationFailed):
    """E-mail and password do not belong together; which of them is wrong stays our secret."""

    code = "INVALID_CREDENTIALS"
    sentence = "The e-mail address or the password is wrong."


class InvalidAccessToken(AuthenticationFailed):
    """The access token is no good; ``reason`` is one short word for logs and clients."""

    code = "INVALID_TOKEN"
    sentence = "The access token is not valid."

    def __init__(self, reason: str) -> None:
        super().__init__(details={"reason": reason})
        self.reason = reason


class InvalidApiKey(AuthenticationFailed):
    """The API key is no good; ``reason`` is one short word for logs and clients."""

    code = "INVALID_TOKEN"
    sentence = "The API key is not valid."

    def __init__(self, reason: str) -> None:
        super().__init__(details={"reason": reason})
        self.reason = reason


class ApiKeyShown(AlreadyExists):
    """The request was answered before, with a key that nobody can show again."""

    code = "API_KEY_SHOWN"
    sentence = (
        "This request has made the API key {key_id}, which was shown once. If you do not have it,"
        " revoke it and make another with another idempotency key."
    )
    at = ("header", "idempotency-key")

    def __init__(self, key_id: str) -> None:
        super().__init__(details={"key_id": key_id})


class TooManyApiKeys(BusinessRuleViolation):
    """The user has as many API keys as one may have."""

    code = "TOO_MANY_API_KEYS"
    sentence = "You have {most:API key|API keys}, and more are not possible. Please revoke one."

    def __init__(self, *, most: int) -> None:
        super().__init__(details={"most": most})


class ApiKeyNotFound(NotFound):
    """The user has no such API key, or has none any more."""

    code = "API_KEY_NOT_FOUND"
    sentence = "API key {key_id} does not exist."

    def __init__(self, key_id: str) -> None:
        super().__init__(details={"key_id": key_id[:100]})


class InvalidRefreshToken(AuthenticationFailed):
    """The refresh token is no good (any more); ``reason`` is one short word."""

    code = "INVALID_REFRESH_TOKEN"
    sentence = "This session is over. Please log in."
    at: ClassVar[Sequence[str | int]] = ("refresh_token",)
    final = True

    def __init__(self, reason: str) -> None:
        super().__init__(details={"reason": reason})
        self.reason = reason


class RefreshTokenReused(InvalidRefreshToken):
    """The refresh token was used before: somebody else has it, and the session has ended."""

    sentence = "This refresh token was used before, so the session was ended. Please log in."

    def __init__(self) -> None:
        super().__init__("reused")


class CookieSessionOver(InvalidRefreshToken):
    """The session that is over lay in a browser's cookies; *headers* take them away."""

    at = ()

    def __init__(self, reason: str, *, headers: Sequence[tuple[bytes, bytes]]) -> None:
        super().__init__(reason)
        self.headers = headers


class AccountDeactivated(PermissionDenied):
    """The password is right, and an administrator has locked the account's owner out."""

    code = "ACCOUNT_DEACTIVATED"
    sentence = "This account is deactivated. Please write to us."
    final = True


class NeedsAnotherAdmin(BusinessRuleViolation):
    """Only an administrator who stays one changes an administrator, or makes one: one is left."""

    code = "NEEDS_ANOTHER_ADMIN"
    sentence = "Only another administrator can do this to an administrator, or make one."


class OwnRights(PermissionDenied):
    """Somebody wants to change what they may do themselves, up or down."""

    code = "OWN_RIGHTS"
    sentence = "Nobody changes their own rights. Please ask another administrator."


class PermissionNotFound(NotFound):
    """There is no permission of that name."""

    code = "PERMISSION_NOT_FOUND"
    sentence = "There is no permission {permission}."

    def __init__(self, permission: str) -> None:
        super().__init__(details={"permission": permission[:100]})


class LogInSpent(AuthenticationFailed):
    """The log-in was answered before, and its session has ended or has gone on since."""

    code = "LOG_IN_SPENT"
    sentence = "This log-in was answered and used already. Please log in anew, with another key."
    at = ("header", "idempotency-key")
    final = True


class NoRoomForSession(ConcurrencyConflict):
    """No further session can begin as things are: there are as many as may be, or rights changed.

    Whoever logs in looks at the rights then; a client hears of it only after many such losses.
    """

    code = "NO_ROOM_FOR_SESSION"
    sentence = "No further session can begin right now. Please try again."


class SessionNotFound(NotFound):
    """The user has no such session, or has none any more."""

    code = "SESSION_NOT_FOUND"
    sentence = "Session {session_id} does not exist."

    def __init__(self, session_id: str) -> None:
        super().__init__(details={"session_id": session_id[:100]})


class EmailTaken(AlreadyExists):
    """Another user has this e-mail address."""

    code = "EMAIL_TAKEN"
    sentence = "There is already an account with this e-mail address."
    at = ("email",)


class UserNotFound(NotFound):
    """There is no such user."""

    code = "USER_NOT_FOUND"
    sentence = "User {id} does not exist."


class WeakPassword(ValidationFailed):
    """The password is too easy to guess; *message* says why."""

    code = "WEAK_PASSWORD"
    sentence = "This password is too easy to guess."

    def __init__(self, message: str, kind: str, *, field: str = "password") -> None:
        super().__init__(message, [{"loc": (field,), "msg": message, "type": kind}])
        self.kind = kind

    def of_field(self, field: str) -> "WeakPassword":
        """Return the same about the password in *field*."""
        return WeakPassword(self.message, self.kind, field=field)


class WrongPassword(ValidationFailed):
    """Who is logged in does not know the password: it may not be them.

    No 401, which would say that the access token is no good.
    """

    code = "WRONG_PASSWORD"
    sentence = "This is not your password."

    def __init__(self) -> None:
        about = FieldError(loc=("current_password",), msg=self.sentence, type="wrong_password")
        super().__init__(None, [about])
