"""How a change of one's password looks, and its answer."""

from typing import Annotated

from pydantic import Field

from shared.identity.domain.password import Password
from shared.identity.http.parameters import DeviceTokenText, PasswordText
from shared.identity.use_cases.change_password import ChangedPassword, ChangePassword
from shared.platform.http.models import Body, View
from shared.platform.rate_limits.rules import rate_limit

LIMITS = (rate_limit("10 changes of a password a minute per user", fail_closed=True),)
"""Each hashes twice, which is slow on purpose."""


class ChangePasswordBody(Body):
    """Both passwords of the caller."""

    current_password: PasswordText
    new_password: PasswordText
    device_token: DeviceTokenText = None

    def to_command(self, *, user_id: str, session_id: str) -> ChangePassword:
        """Return the command of a user in a session of theirs."""
        return ChangePassword(
            user_id=user_id,
            session_id=session_id,
            current_password=Password(self.current_password.get_secret_value()),
            new_password=Password(self.new_password.get_secret_value()),
            device_token=self.device_token,
        )


class PasswordChangedView(View):
    """What came of it."""

    sessions_ended: Annotated[
        int, Field(description="The caller's other sessions: all of them have ended")
    ]

    @classmethod
    def of(cls, changed: ChangedPassword) -> "PasswordChangedView":
        return cls(sessions_ended=changed.sessions_ended)
