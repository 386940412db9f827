"""Whether what the services stand on is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How something is."""

    OK = "ok"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One dependency and how long it took to answer (or not to), in milliseconds."""

    name: str
    status: Status
    latency_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """All dependencies, in the order in which they were configured."""

    dependencies: Sequence[Checked]

    @property
    def status(self) -> Status:
        """Down as soon as one of them is."""
        down = any(each.status is Status.DOWN for each in self.dependencies)
        return Status.DOWN if down else Status.OK
