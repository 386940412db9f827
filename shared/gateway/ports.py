"""What the gateway's queries need from outside."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from shared.gateway.domain.readiness import Readiness


class ReadinessReader(Protocol):
    """Asks what the services stand on."""

    def read(self) -> "Readiness":
        """Return what every dependency said, after a short while at the latest."""
        ...


class Entries(Protocol):
    """What the catalog tells."""

    def find(self, product_id: str, /) -> Mapping[str, Any] | None:
        """Return the product and its price history, as they are now."""
        ...


class Levels(Protocol):
    """What the inventory tells."""

    def available(self, product_id: str, /) -> int | None:
        """Return how many pieces are on offer right now."""
        ...
