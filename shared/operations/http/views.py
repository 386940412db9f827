"""What operations shows of flags."""

from shared.operations.domain.flag import WHOLE, FlagSetting
from shared.operations.domain.flag_details import FlagDetails
from shared.platform.flags.names import MEANINGS, Flag
from shared.platform.http.models import View
from shared.platform.http.reply import Reply


class FlagView(View):
    """A flag, what it switches, and how it stands; ``version`` 0 was never set."""

    name: str
    about: str
    enabled: bool
    users_on: list[str]
    users_off: list[str]
    roles_on: list[str]
    percentage: float
    starts_at: str | None
    ends_at: str | None
    version: int

    @classmethod
    def of(cls, details: FlagDetails) -> "FlagView":
        """Return the view of *details*."""
        meaning = MEANINGS[Flag(details.name)]
        setting = details.setting or FlagSetting(enabled=meaning.default).to_data()
        return cls(
            name=details.name,
            about=meaning.about,
            enabled=setting["enabled"],
            users_on=setting["users_on"],
            users_off=setting["users_off"],
            roles_on=setting["roles_on"],
            percentage=setting["share"] * 100 / WHOLE,
            starts_at=setting["starts_at"],
            ends_at=setting["ends_at"],
            version=details.version,
        )


def flag_reply(details: FlagDetails) -> Reply[FlagView]:
    """Return *details* with the entity tag of their version."""
    return Reply(FlagView.of(details), headers={"etag": f'"{details.version}"'})
