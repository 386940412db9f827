"""List the feature flags and how they are set."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.operations.domain.flag import FeatureFlag
from shared.operations.domain.flag_details import FlagDetails
from shared.operations.ports import Flags


@dataclass(frozen=True, slots=True)
class ListFlags:
    """All of them: there are few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFlagsHandler:
    """Lists flags."""

    flags: Flags
    names: Sequence[str]

    def __call__(self, _: ListFlags, /) -> list[FlagDetails]:
        """Return every flag there is, by name, set or not: one consistent read."""
        found = self.flags.find_all(self.names)
        return [FlagDetails.of(found.get(name) or FeatureFlag(name)) for name in self.names]
