"""Set a feature flag."""

from dataclasses import dataclass

from shared.operations.domain.flag import FeatureFlag, FlagSetting
from shared.operations.domain.flag_details import FlagDetails
from shared.operations.ports import FlagsUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFlag:
    """Have the flag *name* stand as *setting* says, from now on."""

    name: str
    setting: FlagSetting


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFlagHandler:
    """Sets flags; the event of the change has it published."""

    uow: FlagsUnitOfWork

    def __call__(self, command: SetFlag, /) -> FlagDetails:
        """Return the flag as it is afterwards."""
        with self.uow as uow:
            flag = uow.flags.find(command.name) or FeatureFlag(command.name)
            flag.set_to(command.setting)
            uow.flags.save(flag)
            details = FlagDetails.of(flag)
            uow.commit(details)
        return details
