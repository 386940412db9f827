"""What is published of a denial."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.kernel.aggregate import Aggregate
from shared.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessDenied(DomainEvent):
    """Somebody asked for what they have no permission for; *needed* names what they lacked."""

    type = "permission.denied"

    user_id: str
    role: str
    needed: Sequence[str]
    code: str
    route: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectDenied(DomainEvent):
    """Somebody asked for a thing that is kept from them, and heard that there is none."""

    type = "permission.object_denied"

    user_id: str
    role: str
    code: str
    route: str
    resource: str


class Denial(Aggregate):
    """What one caller was refused at one route in one minute: the first refusal of it."""

    aggregate_type = "Denial"

    def note(self, event: AccessDenied | ObjectDenied) -> None:
        """Record what was refused."""
        self._record(event)
