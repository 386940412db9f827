"""A feature flag as people set it; every change is an event that says what was before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.kernel.aggregate import Aggregate
from shared.kernel.clock import from_iso, to_iso
from shared.kernel.errors import FieldError, ValidationFailed
from shared.kernel.events import DomainEvent

MAX_NAMED = 500
"""Users or roles that one list of a flag may name; keeps all flags far below AppConfig's 1 MB."""

WHOLE = 10_000
"""A share of users in hundredths of a percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagSetting:
    """How a flag stands, in the order in which it is decided.

    Off for ``users_off``, on for ``users_on``, off outside the time window, on for ``roles_on``
    and for a ``share`` (0 to `WHOLE`) of all users, and else as ``enabled`` says.
    Raises `ValidationFailed` with everything that is wrong.
    """

    enabled: bool
    users_on: tuple[str, ...] = ()
    users_off: tuple[str, ...] = ()
    roles_on: tuple[str, ...] = ()
    share: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        if errors := list(self._errors()):
            raise ValidationFailed("The feature flag is not valid.", errors)

    def _errors(self) -> Iterator[FieldError]:
        if not 0 <= self.share <= WHOLE:
            yield {"loc": ["percentage"], "msg": "Must be 0 to 100.", "type": "range"}
        if self.starts_at and self.ends_at and self.starts_at >= self.ends_at:
            yield {"loc": ["ends_at"], "msg": "Must be after starts_at.", "type": "order"}
        if both := sorted({*self.users_on} & {*self.users_off}):
            text = f"Must not name whom users_on names: {', '.join(both[:3])}."
            yield {"loc": ["users_off"], "msg": text, "type": "contradiction"}
        for name in ("users_on", "users_off", "roles_on"):
            if len(getattr(self, name)) > MAX_NAMED:
                text, limit = f"Must have at most {MAX_NAMED} entries.", {"limit": MAX_NAMED}
                yield {"loc": [name], "msg": text, "type": "too_long", "params": limit}

    def check_sense(self, at: datetime) -> None:
        """Raise `ValidationFailed` for what would have no effect from *at* on, or another.

        What was set before these were looked at is still read.
        """
        if errors := list(self._senseless(at)):
            raise ValidationFailed("The feature flag is not valid.", errors)

    def _senseless(self, at: datetime) -> Iterator[FieldError]:
        if self.enabled and 0 < self.share < WHOLE:
            text = "Must be left out of a flag that is on: it is on for all users."
            yield {"loc": ["percentage"], "msg": text, "type": "contradiction"}
        if self.enabled and self.roles_on:
            text = "Must be left out of a flag that is on: it is on for all roles."
            yield {"loc": ["roles_on"], "msg": text, "type": "contradiction"}
        if self.ends_at is not None and self.ends_at <= at:
            text = "Must be in the future."
            yield {"loc": ["ends_at"], "msg": text, "type": "past"}

    def to_data(self) -> dict[str, Any]:
        """Return the setting as plain JSON values."""
        return {
            "enabled": self.enabled,
            "users_on": list(self.users_on),
            "users_off": list(self.users_off),
            "roles_on": list(self.roles_on),
            "share": self.share,
            "starts_at": to_iso(self.starts_at) if self.starts_at else None,
            "ends_at": to_iso(self.ends_at) if self.ends_at else None,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "FlagSetting":
        """Return the setting that `to_data` gave."""
        return cls(
            enabled=data["enabled"],
            users_on=tuple(data["users_on"]),
            users_off=tuple(data["users_off"]),
            roles_on=tuple(data["roles_on"]),
            share=data["share"],
            starts_at=from_iso(data["starts_at"]) if data["starts_at"] else None,
            ends_at=from_iso(data["ends_at"]) if data["ends_at"] else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagChanged(DomainEvent):
    """A flag is set; ``before`` is how it was set before, if it was. Who did it is the actor."""

    type = "flag.changed"

    name: str
    before: dict[str, Any] | None
    after: dict[str, Any] = field(default_factory=dict)


class FeatureFlag(Aggregate):
    """One flag; its id is its name. Until it is set for the first time it is at its default."""

    aggregate_type = "Flag"

    def __init__(self, id: str, *, setting: FlagSetting | None = None, version: int = 0) -> None:
        super().__init__(id, version=version)
        self.setting = setting

    def set_to(self, setting: FlagSetting) -> None:
        """Set the flag; as it is already, nothing happens."""
        if setting == self.setting:
            return
        before = None if self.setting is None else self.setting.to_data()
        self.setting = setting
        self._record(FlagChanged(name=self.id, before=before, after=setting.to_data()))
