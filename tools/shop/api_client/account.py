"""A signed-in user whose access token is renewed in time."""

import threading
import time
from collections.abc import Callable

from tools.shop.api_client.models import Token
from tools.shop.api_client.transport import Transport

MARGIN_SECONDS = 60
"""A token is renewed this long before it expires, so that none expires on its way."""


class Account:
    """Logs in when a token is first needed, and again before it expires. Thread-safe.

    It keeps the device token that a log-in gives out: strangers who guess at the password then do
    not lock this client out.
    """

    def __init__(
        self,
        transport: Transport,
        email: str,
        password: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.email, self.password = email, password
        self._transport, self._clock = transport, clock
        self._lock = threading.Lock()
        self._token = ""
        self._device_token: str | None = None
        self._renew_at = float("-inf")

    def token(self) -> str:
        """Return an access token that is good for another minute."""
        with self._lock:
            now = self._clock()
            if now >= self._renew_at:
                body = {"email": self.email, "password": self.password}
                if self._device_token:
                    body["device_token"] = self._device_token
                answer = self._transport.send("POST", "/api/v1/auth/login", body=body)
                fresh = Token.model_validate(answer.data)
                self._token = fresh.access_token
                self._device_token = fresh.device_token or self._device_token
                self._renew_at = now + fresh.expires_in - MARGIN_SECONDS
            return self._token
