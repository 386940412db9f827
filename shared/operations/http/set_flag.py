"""How a setting of a flag looks."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.kernel.clock import from_iso
from shared.kernel.errors import FieldError, ValidationFailed
from shared.kernel.ids import canonical
from shared.operations.domain.errors import FlagNotFound
from shared.operations.domain.flag import MAX_NAMED, WHOLE, FlagSetting
from shared.operations.use_cases.set_flag import SetFlag
from shared.platform.access.permissions import Role
from shared.platform.flags.names import Flag
from shared.platform.http.models import Body, Given
from shared.platform.http.text import Line
from shared.platform.validation.strict import refused
from shared.platform.validation.types import Timestamp, one_of

_ROUNDING = 1e-6
"""What two decimals of a percentage may be off as a float: far less than the third one is."""

UserIds = Annotated[
    list[Annotated[Line, Field(min_length=1, max_length=100), AfterValidator(canonical)]],
    Field(max_length=MAX_NAMED),
]
Roles = Annotated[list[Annotated[str, one_of(*Role)]], Field(max_length=len(Role))]


def _of_hundredths(percentage: float) -> float:
    share = percentage * WHOLE / 100
    if abs(share - round(share)) > _ROUNDING:
        raise refused("decimals", "Must have at most two decimals.", limit=2)
    return percentage


class FlagBody(Body):
    """How a flag is to stand; what is left out is empty."""

    enabled: Annotated[bool, Field(examples=[False])]
    users_on: UserIds = Field(default_factory=list)
    users_off: UserIds = Field(default_factory=list)
    roles_on: Roles = Field(default_factory=list)
    percentage: Annotated[
        float, Field(ge=0, le=100, examples=[10]), AfterValidator(_of_hundredths)
    ] = 0
    starts_at: Timestamp = None
    ends_at: Annotated[Timestamp, Field(examples=["2100-01-01T00:00:00Z"])] = None

    @classmethod
    def further(cls, given: Given) -> Iterable[FieldError]:
        """Say which fields contradict each other."""
        body = given.body
        starts_at, ends_at = (
            from_iso(body[name]) if body.get(name) else None for name in ("starts_at", "ends_at")
        )
        try:
            FlagSetting(
                enabled=True,
                users_on=tuple(body.get("users_on", ())),
                users_off=tuple(body.get("users_off", ())),
                starts_at=starts_at,
                ends_at=ends_at,
            )
        except ValidationFailed as wrong:
            return wrong.errors
        return ()

    def to_command(self, name: str, *, versions: frozenset[int] | None) -> SetFlag:
        """Return the command; `FlagNotFound` or `ValidationFailed`."""
        return SetFlag(
            name=known_flag(name).value,
            versions=versions,
            setting=FlagSetting(
                enabled=self.enabled,
                users_on=tuple(dict.fromkeys(self.users_on)),
                users_off=tuple(dict.fromkeys(self.users_off)),
                roles_on=tuple(dict.fromkeys(self.roles_on)),
                share=round(self.percentage * WHOLE / 100),
                starts_at=self.starts_at,
                ends_at=self.ends_at,
            ),
        )


def known_flag(name: str) -> Flag:
    """Return the flag of that name; `FlagNotFound` lists those there are."""
    try:
        return Flag(name)
    except ValueError:
        raise FlagNotFound(name, list(Flag)) from None
