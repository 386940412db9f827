"""EventBridge: takes entries, and sends each to the queues whose rules match it, at least once."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tools.lab.simulation.world.faults import Fault

if TYPE_CHECKING:
    from tools.lab.simulation.world.world import World

_SECONDS = (0.0, 0.05)
_LATE_SECONDS = (1.0, 300.0)


@dataclass(slots=True)
class Bus:
    """The bus; ``log`` is every event that it has taken: source and detail."""

    world: "World"
    log: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    taken: int = 0

    def put(self, source: str, kind: str, detail: Any, *, poison: bool = False) -> str:
        """Take one event; return its id. Poison is delivered like anything else."""
        self.taken += 1
        event = {
            "version": "0",
            "id": f"bus-{self.taken}",
            "detail-type": kind,
            "source": source,
            "account": "000000000000",
            "time": self.world.clock.iso(),
            "region": "eu-west-1",
            "resources": [],
            "detail": detail,
        }
        if not poison:
            self.log.append((source, event["detail"]))
        body = json.dumps(event)
        for subscription in self.world.subscriptions:
            if subscription.matches(event):
                copies = 2 if self.world.faults.happens(Fault.DUPLICATE) else 1
                for _ in range(copies):
                    self._send(subscription.queue, body, poison=poison)
        return f"bus-{self.taken}"

    def _send(self, queue: str, body: str, *, poison: bool) -> None:
        world = self.world
        delay = 0.0
        if not world.plan.orderly:
            late = world.faults.happens(Fault.DELAYED)
            delay = world.dice.uniform(*(_LATE_SECONDS if late else _SECONDS))
        world.queue(queue).send(body, delay=delay, poison=poison)

    def put_events(self, entries: list[dict[str, Any]], refused: set[int]) -> dict[str, Any]:
        """Answer ``PutEvents``; the entries at the positions *refused* are not taken."""
        outcomes: list[dict[str, Any]] = []
        for position, entry in enumerate(entries):
            if position in refused:
                outcomes.append({"ErrorCode": "InternalFailure", "ErrorMessage": "simulated"})
            else:
                taken = self.put(entry["Source"], entry["DetailType"], json.loads(entry["Detail"]))
                outcomes.append({"EventId": taken})
        return {"FailedEntryCount": len(refused), "Entries": outcomes}
