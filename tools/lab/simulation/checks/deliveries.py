"""Which delivery an invocation of a consumer carries out, and since when."""

from typing import Any


class Deliveries:
    """Finds the delivery of an invocation in what the world has kept."""

    def __init__(self, world: Any) -> None:
        self._world = world
        self._known: dict[str, Any] = {}

    def of(self, invocation: str) -> Any:
        """Return the delivery, ``None`` for an invocation that is no consumer's."""
        kept = self._world.deliveries
        for delivery in kept[len(self._known) :]:
            self._known[delivery.invocation] = delivery
        return self._known.get(invocation)
