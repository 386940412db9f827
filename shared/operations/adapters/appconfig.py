"""Publishes flags to AWS AppConfig, where functions read them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.kernel.errors import StaleAggregate
from shared.operations.adapters.flag_document import document_of
from shared.operations.domain.flag import FlagSetting
from shared.platform.runtime.errors import ConfigurationError, ExternalServiceError

KEPT = 20
"""Versions that stay, to look at and to go back to; a profile has room for 100."""
_STALE = "Somebody else published flags meanwhile."


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingSettings:
    """The configuration in AppConfig (``application/environment/profile``) and how to roll out."""

    flags_appconfig: str
    flags_deployment_strategy: str


class AppConfigPublisher:
    """Writes hosted configuration versions and deploys them."""

    def __init__(self, client: Any, settings: PublishingSettings) -> None:
        parts = settings.flags_appconfig.split("/")
        if len(parts) != 3 or not all(parts):  # noqa: PLR2004
            raise ConfigurationError.bad_setting(
                "FLAGS_APPCONFIG", "application/environment/profile of AppConfig"
            )
        self._client = client
        self._application, self._environment, self._profile = parts
        self._strategy = settings.flags_deployment_strategy

    def latest(self) -> int:
        """Return the number of the newest version, 0 if there is none.

        All are looked at: AppConfig does not say in which order it lists them.
        """
        return max(self._versions(), default=0)

    def publish(self, settings: Mapping[str, FlagSetting], *, after: int) -> None:
        """Make *settings* the version that follows *after* and deploy it.

        Raises `StaleAggregate` when there is a newer one, and `ExternalServiceError` when
        AppConfig cannot do it now: while another deployment is still under way, for one. The next
        attempt then deploys the version that this one has left, and old ones are removed: else
        they would add up to the most that AppConfig keeps, and no flag could be set any more.
        """
        content = json.dumps(document_of(settings), sort_keys=True).encode()
        version = after if after and self._content(after) == content else self._add(content, after)
        self._call(
            "start_deployment",
            ApplicationId=self._application,
            EnvironmentId=self._environment,
            ConfigurationProfileId=self._profile,
            ConfigurationVersion=str(version),
            DeploymentStrategyId=self._strategy,
        )
        known = sorted(self._versions())
        if known[-1:] > [version]:  # whose deployment may have come before this one
            raise StaleAggregate(_STALE)
        for old in known[:-KEPT]:
            with suppress(ExternalServiceError):  # the next publication removes what stays
                self._call("delete_hosted_configuration_version", **self._at(VersionNumber=old))

    def _add(self, content: bytes, after: int) -> int:
        locked = {"LatestVersionNumber": after} if after else {}
        made = self._call(
            "create_hosted_configuration_version",
            **self._at(Content=content, ContentType="application/json", **locked),
        )
        number: int = made["VersionNumber"]
        return number

    def _content(self, version: int) -> Any:
        found = self._call("get_hosted_configuration_version", **self._at(VersionNumber=version))
        return found["Content"].read()

    def _versions(self) -> Iterator[int]:
        further: dict[str, str] = {}
        while True:
            answer = self._call("list_hosted_configuration_versions", **self._at(**further))
            yield from (item["VersionNumber"] for item in answer["Items"])
            if not (token := answer.get("NextToken")):
                return
            further = {"NextToken": token}

    def _at(self, **more: Any) -> dict[str, Any]:
        return {
            "ApplicationId": self._application,
            "ConfigurationProfileId": self._profile,
            **more,
        }

    def _call(self, operation: str, **request: Any) -> Any:
        try:
            return getattr(self._client, operation)(**request)
        except ClientError as error:
            if (
                error.response["Error"]["Code"] == "ConflictException"
                and operation == "create_hosted_configuration_version"
            ):
                raise StaleAggregate(_STALE) from error
            raise ExternalServiceError(f"AppConfig: {error}") from error
        except BotoCoreError as error:
            raise ExternalServiceError(f"AppConfig: {error}") from error
