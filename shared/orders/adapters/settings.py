"""What the shop decides about orders, as settings."""

from dataclasses import dataclass
from datetime import timedelta

from shared.platform.runtime.errors import ConfigurationError

_YEAR = 525_600


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationSettings:
    """The settings of the function that cancels orders."""

    cancel_paid_minutes: int

    def __post_init__(self) -> None:
        if not 0 <= self.cancel_paid_minutes <= _YEAR:
            raise ConfigurationError.bad_setting("CANCEL_PAID_MINUTES", f"0 … {_YEAR}")

    @property
    def paid_until(self) -> timedelta:
        """For how long after its payment a customer may cancel an order; 0: not at all."""
        return timedelta(minutes=self.cancel_paid_minutes)
