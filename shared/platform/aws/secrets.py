"""Secrets, read from Secrets Manager once per warm function and again after a while.

Rotation: the current version signs; the previous one is still good for checking what it signed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.platform.aws.clients import client
from shared.platform.runtime.errors import ConfigurationError, ExternalServiceError
from shared.platform.runtime.settings import settings
from shared.platform.runtime.snapshot import monotonic
from shared.platform.telemetry.logging import get_logger

if TYPE_CHECKING:
    from collections.abc import Sequence

KEEP_SECONDS = 300.0
"""How long a secret is kept before it is read again: the bound on a rotation being noticed."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret's versions, newest first."""

    versions: "Sequence[str]"

    @property
    def current(self) -> str:
        """The version that signs."""
        return self.versions[0]


class SecretReader:
    """Reads one secret, its versions of *stages*, and keeps it for `KEEP_SECONDS`."""

    def __init__(
        self,
        secrets_manager: Any,
        arn: str,
        *,
        stages: "Sequence[str]" = ("AWSCURRENT", "AWSPREVIOUS"),
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self._client = secrets_manager
        self._arn = arn
        self._stages = stages
        self._monotonic = monotonic
        self._kept: Secret | None = None
        self._read_at = 0.0

    def get(self, *, fresh: bool = False) -> Secret:
        """Return the secret, *fresh* or kept; `ExternalServiceError` if it was never readable.

        A secret that was read once outlives an outage of Secrets Manager: it is most probably
        still the right one, and without it nobody could log in or be recognised.
        """
        now = self._monotonic()
        if self._kept is None:
            self._kept, self._read_at = self._read(), now
        elif fresh or now - self._read_at > KEEP_SECONDS:
            self._read_at = now
            try:
                self._kept = self._read()
            except ExternalServiceError as error:
                get_logger(settings().service).warning("keeping a secret", reason=str(error))
        return self._kept

    def _read(self) -> Secret:
        found = [self._version(stage) for stage in self._stages]
        known = [text for text in found if text]
        if not known:
            raise ConfigurationError(f"secret {self._arn} has no value")
        return Secret(tuple(known))

    def _version(self, stage: str) -> str | None:
        try:
            answer = self._client.get_secret_value(SecretId=self._arn, VersionStage=stage)
        except ClientError as error:
            missing = error.response["Error"]["Code"] == "ResourceNotFoundException"
            if missing and stage != "AWSCURRENT":
                return None
            raise ExternalServiceError(f"secret {self._arn}: {error}") from error
        except BotoCoreError as error:
            raise ExternalServiceError(f"secret {self._arn}: {error}") from error
        text: str = answer["SecretString"]
        return text


@cache
def service_secret() -> SecretReader:
    """Return the reader of the service's own secret (``SERVICE_SECRET_ARN``)."""
    arn = settings().service_secret_arn
    if not arn:
        raise ConfigurationError.bad_setting("SERVICE_SECRET_ARN", "set: this function signs")
    return SecretReader(client("secretsmanager"), arn)
