"""Whether what the services stand on is there."""

from dataclasses import dataclass

from shared.gateway.domain.readiness import Readiness
from shared.gateway.ports import ReadinessReader


@dataclass(frozen=True, slots=True)
class CheckReadiness:
    """Ask about all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReadinessHandler:
    """Asks the dependencies."""

    readiness: ReadinessReader

    def __call__(self, _: CheckReadiness) -> Readiness:
        """Return what every dependency said."""
        return self.readiness.read()
