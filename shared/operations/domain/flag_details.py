"""What commands and queries return about a feature flag."""

from dataclasses import dataclass
from typing import Any

from shared.kernel.commands import CommandResult
from shared.operations.domain.flag import FeatureFlag


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagDetails(CommandResult):
    """A flag at one version; ``setting`` is None for one that was never set."""

    name: str
    setting: dict[str, Any] | None
    version: int

    @classmethod
    def of(cls, flag: FeatureFlag) -> "FlagDetails":
        """Return the details of *flag*."""
        setting = None if flag.setting is None else flag.setting.to_data()
        return cls(name=flag.id, setting=setting, version=flag.version)
