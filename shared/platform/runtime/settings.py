"""Settings come from the environment, are checked once at cold start, and name what is wrong.

A settings class is a frozen dataclass. Field ``table_name`` reads ``TABLE_NAME``; a field without
a default is required. Types understood: ``str``, ``int``, ``bool`` (``true``/``false``) and enums.
Secrets are never settings: a setting holds the secret's name, and `shared.platform.aws.secrets`
reads it.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import Enum, StrEnum
from functools import cache
from typing import Any, TypeVar, get_type_hints

from shared.platform.runtime.errors import ConfigurationError

S = TypeVar("S")

_WHOLE = re.compile(r"-?[0-9]{1,18}")


class Environment(StrEnum):
    """Where this code runs."""

    DEV = "dev"
    TEST = "test"
    STAGING = "staging"
    PRODUCTION = "production"


class LogFormat(StrEnum):
    """How a log line is written."""

    JSON = "json"
    CONSOLE = "console"


class TelemetryProviders(StrEnum):
    """What stands behind Powertools' Metrics and Tracer: our lean writers, or its own."""

    LEAN = "lean"
    STOCK = "stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What every function needs to know."""

    environment: Environment = Environment.DEV
    service: str
    release: str = "dev"
    table_name: str = ""
    log_level: str = "INFO"
    log_format: LogFormat = LogFormat.JSON
    metrics_namespace: str = "Tradewind"
    telemetry_providers: TelemetryProviders = TelemetryProviders.LEAN
    service_secret_arn: str = ""
    idempotency_ttl_seconds: int = 86_400
    inbox_ttl_seconds: int = 30 * 86_400
    default_page_size: int = 20
    max_page_size: int = 100
    max_body_bytes: int = 262_144
    max_headers: int = 100
    max_query_bytes: int = 4_096
    compress_from_bytes: int = 1_024
    origin_verify_hashes: str = ""
    dead_letter_queue_url: str = ""
    max_failures: int = 8
    max_deliveries: int = 20
    rate_limit_factor: int = 1
    routes: str = ""

    def __post_init__(self) -> None:
        levels = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
        if self.log_level not in levels:
            raise ConfigurationError.bad_setting("LOG_LEVEL", f"one of {', '.join(levels)}")
        if not self.service:
            raise ConfigurationError.bad_setting("SERVICE", "the name of the service")
        for name in (
            *("idempotency_ttl_seconds", "inbox_ttl_seconds", "rate_limit_factor"),
            *("max_body_bytes", "max_headers", "max_query_bytes", "compress_from_bytes"),
            *("max_failures", "max_deliveries"),
        ):
            if getattr(self, name) <= 0:
                raise ConfigurationError.bad_setting(name.upper(), "a positive whole number")
        if not 1 <= self.default_page_size <= self.max_page_size:
            raise ConfigurationError.bad_setting("DEFAULT_PAGE_SIZE", "1 … MAX_PAGE_SIZE")


def load(kind: type[S], environ: Mapping[str, str]) -> S:
    """Build settings of *kind*; `ConfigurationError` names the variable at fault."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # *kind* is a dataclass by contract
        variable = field.name.upper()
        text = environ.get(variable)
        if text is not None:
            values[field.name] = _convert(variable, text, hints[field.name])
        elif field.default is MISSING:
            raise ConfigurationError.bad_setting(variable, "set; it has no default")
    return kind(**values)


def _convert(variable: str, text: str, kind: Any) -> Any:
    if kind is bool:
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        raise ConfigurationError.bad_setting(variable, "true or false")
    if kind is int:
        if not _WHOLE.fullmatch(text):  # int() would take 1_0 and digits of other scripts, too
            raise ConfigurationError.bad_setting(variable, "a whole number")
        return int(text)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(text)
        except ValueError:
            allowed = ", ".join(str(member.value) for member in kind)
            raise ConfigurationError.bad_setting(variable, f"one of {allowed}") from None
    return text


@cache
def settings() -> Settings:
    """Return this function's settings, read once per warm function."""
    return load(Settings, os.environ)
