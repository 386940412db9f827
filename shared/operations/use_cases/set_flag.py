"""Set a feature flag."""

from dataclasses import dataclass

from shared.kernel.clock import Clock
from shared.operations.domain.errors import FlagHasChanged
from shared.operations.domain.flag import FeatureFlag, FlagSetting
from shared.operations.domain.flag_details import FlagDetails
from shared.operations.ports import FlagsUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFlag:
    """Have the flag *name* stand as *setting* says, from now on."""

    name: str
    setting: FlagSetting
    versions: frozenset[int] | None = None
    """Those that the caller is willing to change; ``None`` for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFlagHandler:
    """Sets flags; the event of the change has it published."""

    uow: FlagsUnitOfWork
    clock: Clock

    def __call__(self, command: SetFlag, /) -> FlagDetails:
        """Return the flag as it is afterwards.

        `FlagHasChanged` at a version not named, `ValidationFailed` for what makes no sense.
        """
        with self.uow as uow:
            flag = uow.flags.find(command.name) or FeatureFlag(command.name)
            FlagHasChanged.check(command.versions, version=flag.version)
            if command.setting != flag.setting:
                command.setting.check_sense(self.clock.now())
            flag.set_to(command.setting)
            uow.flags.save(flag)
            details = FlagDetails.of(flag)
            uow.commit(details)
        return details
