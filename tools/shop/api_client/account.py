"""A signed-in user whose access token is renewed in time."""

import threading
import time
from collections.abc import Callable
from http import HTTPStatus

from tools.shop.api_client.errors import ApiError
from tools.shop.api_client.models import Token
from tools.shop.api_client.transport import Transport

MARGIN_SECONDS = 60
"""A token is renewed this long before it expires, so that none expires on its way."""


class Account:
    """Logs in when a token is first needed, and stays logged in. Thread-safe.

    An access token is renewed before it expires; where the session is over, by a new log-in. It
    keeps the device token that a log-in gives out: strangers who guess at the password then do
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
        self._refresh_token: str | None = None
        self._device_token: str | None = None
        self._renew_at = float("-inf")

    def token(self) -> str:
        """Return an access token that is good for another minute."""
        with self._lock:
            now = self._clock()
            if now >= self._renew_at:
                fresh = self._refreshed() or self._logged_in()
                self._token = fresh.access_token
                self._refresh_token = fresh.refresh_token
                self._device_token = fresh.device_token or self._device_token
                self._renew_at = now + fresh.expires_in - MARGIN_SECONDS
            return self._token

    def log_out(self) -> None:
        """End the session; the next call logs in anew."""
        with self._lock:
            if self._refresh_token is not None:
                body = {"refresh_token": self._refresh_token}
                self._transport.send("POST", "/api/v1/auth/logout", body=body)
            self._refresh_token, self._renew_at = None, float("-inf")

    def _refreshed(self) -> Token | None:
        """Go on with the session, if there is one that has not ended."""
        if self._refresh_token is None:
            return None
        body = {"refresh_token": self._refresh_token}
        try:
            answer = self._transport.send("POST", "/api/v1/auth/refresh", body=body)
        except ApiError as refused:
            if refused.status != HTTPStatus.UNAUTHORIZED:
                raise
            return None
        return Token.model_validate(answer.data)

    def _logged_in(self) -> Token:
        body = {"email": self.email, "password": self.password}
        if self._device_token:
            body["device_token"] = self._device_token
        answer = self._transport.send("POST", "/api/v1/auth/login", body=body)
        return Token.model_validate(answer.data)
