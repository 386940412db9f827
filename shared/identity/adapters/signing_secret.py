"""The versions of the signing secret in Secrets Manager, and what their labels say.

``AWSCURRENT`` signs, ``AWSPENDING`` was drawn and will, ``AWSPREVIOUS`` did before.
"""

import secrets
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.identity.adapters.signing_keys import key_from
from shared.identity.domain.key_ring import PublicHalf
from shared.platform.runtime.errors import ExternalServiceError

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"
_BYTES = 48


class ManagedSigningSecret:
    """See `shared.identity.ports.SigningSecret`."""

    def __init__(self, secrets_manager: Any, arn: str) -> None:
        self._client = secrets_manager
        self._arn = arn

    def current(self) -> PublicHalf:
        """Return the version that signs."""
        found = self._find(CURRENT)
        if found is None:
            raise ExternalServiceError(f"secret {self._arn} has no value")
        return found

    def previous(self) -> PublicHalf | None:
        """Return the version that signed before."""
        return self._find(PREVIOUS)

    def pending(self) -> PublicHalf | None:
        """Return the version that was drawn and has never signed."""
        found = self._find(PENDING)
        return None if found == self.current() else found

    def draw(self) -> PublicHalf:
        """Add a random version, pending."""
        text = secrets.token_urlsafe(_BYTES)
        answer = self._call("put_secret_value", SecretString=text, VersionStages=[PENDING])
        return _half(answer["VersionId"], text)

    def sign_with(self, version_id: str, *, instead_of: str) -> None:
        """Move the label that says who signs, and take the other off."""
        self._move(CURRENT, MoveToVersionId=version_id, RemoveFromVersionId=instead_of)
        self._move(PENDING, RemoveFromVersionId=version_id)

    def discard_pending(self) -> None:
        """Forget the pending version."""
        if found := self._find(PENDING):
            self._move(PENDING, RemoveFromVersionId=found.version_id)

    def discard_previous(self) -> None:
        """Forget the version that signed before."""
        if found := self._find(PREVIOUS):
            self._move(PREVIOUS, RemoveFromVersionId=found.version_id)

    def _find(self, stage: str) -> PublicHalf | None:
        try:
            answer = self._call("get_secret_value", VersionStage=stage)
        except ExternalServiceError as error:
            if error.details.get("code") == "ResourceNotFoundException" and stage != CURRENT:
                return None
            raise
        return _half(answer["VersionId"], answer["SecretString"])

    def _move(self, stage: str, **versions: str) -> None:
        self._call("update_secret_version_stage", VersionStage=stage, **versions)

    def _call(self, operation: str, **asked: Any) -> Any:
        try:
            return getattr(self._client, operation)(SecretId=self._arn, **asked)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise ExternalServiceError(
                f"secret {self._arn}: {error}", details={"code": code}
            ) from error
        except BotoCoreError as error:
            raise ExternalServiceError(f"secret {self._arn}: {error}") from error


def _half(version_id: str, text: str) -> PublicHalf:
    key = key_from(text)
    return PublicHalf(version_id=version_id, kid=key.kid, x=key.x)
