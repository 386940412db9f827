"""Where the flags' document comes from: AppConfig in the cloud and its emulator, or a file."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.feature_flags import AppConfigStore
from aws_lambda_powertools.utilities.feature_flags.base import StoreProvider
from aws_lambda_powertools.utilities.feature_flags.exceptions import (
    ConfigurationStoreError,
    StoreClientError,
)

from shared.platform.aws.clients import impatient_client
from shared.platform.flags.names import MEANINGS
from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.settings import settings
from shared.platform.runtime.snapshot import monotonic
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.metrics import MetricUnit, metrics

MAX_AGE_SECONDS = 30
"""How long a warm function may go on with what it knows; AppConfig wants 15 at least."""

_TIMEOUT_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagSettings:
    """Where this function's flags are; nowhere means that every flag is at its default.

    ``FLAGS_APPCONFIG`` is ``application/environment/profile``, ``FLAGS_FILE`` a path.
    """

    flags_appconfig: str = ""
    flags_file: str = ""


class FileStore(StoreProvider):
    """A JSON file, read anew each time; for tests and for work on one machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def get_raw_configuration(self) -> dict[str, Any]:
        """Return the document; `ConfigurationStoreError` when there is none that can be read."""
        try:
            document = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigurationStoreError(f"{self._path.name}: {error}") from error
        if not isinstance(document, dict):
            raise ConfigurationStoreError(f"{self._path.name} holds no object")
        return document

    def get_configuration(self) -> dict[str, Any]:
        """Return the document."""
        return self.get_raw_configuration


class ForgivingStore(StoreProvider):
    """Goes on with what was known when the store fails, and leaves it alone for a while.

    Each failure is counted and logged. Before anything is known all flags are at their defaults.
    """

    def __init__(
        self, inner: StoreProvider, *, monotonic: Callable[[], float] = monotonic
    ) -> None:
        self._inner = inner
        self._monotonic = monotonic
        self._defaults: dict[str, Any] = {
            flag.value: {"default": meaning.default} for flag, meaning in MEANINGS.items()
        }
        self._known = self._defaults
        self._again_at = float("-inf")

    @property
    def get_raw_configuration(self) -> dict[str, Any]:
        """Return the newest document that could be had."""
        if self._monotonic() >= self._again_at:
            try:
                # A document that names no flag is the first one; Powertools warns of such.
                self._known = self._inner.get_configuration() or self._defaults
            except (ConfigurationStoreError, StoreClientError) as error:
                self._again_at = self._monotonic() + MAX_AGE_SECONDS
                metrics.add_metric("FlagStoreError", MetricUnit.Count, 1)
                get_logger(settings().service).warning(
                    "flags could not be read", error=str(error)[:300]
                )
        return self._known

    def get_configuration(self) -> dict[str, Any]:
        """Return the newest document that could be had."""
        return self.get_raw_configuration


def store_of(known: FlagSettings) -> StoreProvider | None:
    """Return the store that the settings name, if any; `ConfigurationError` for half a name."""
    if known.flags_file:
        return ForgivingStore(FileStore(Path(known.flags_file)))
    if not known.flags_appconfig:
        return None
    parts = known.flags_appconfig.split("/")
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004
        raise ConfigurationError.bad_setting(
            "FLAGS_APPCONFIG", "application/environment/profile of AppConfig"
        )
    application, environment, profile = parts
    return ForgivingStore(
        AppConfigStore(
            environment=environment,
            application=application,
            name=profile,
            max_age=MAX_AGE_SECONDS,
            boto3_client=impatient_client("appconfigdata", seconds=_TIMEOUT_SECONDS),
        )
    )
