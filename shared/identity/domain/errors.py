"""What identity refuses."""

from shared.kernel.errors import (
    AlreadyExists,
    AuthenticationFailed,
    NotFound,
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

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message, [{"loc": ("password",), "msg": message, "type": kind}])
