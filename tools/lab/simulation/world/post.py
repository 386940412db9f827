"""Every queue there is, and the dead letters behind each."""

from collections.abc import Iterable, Mapping
from typing import Any

from tools.lab.simulation.world.queues import Queue


class Post:
    """Finds queues by their own names and by those of their dead-letter queues."""

    def __init__(self, queues: Iterable[Queue]) -> None:
        self.queues = {each.spec.name: each for each in queues}

    def queue(self, name: str) -> Queue:
        """Return a queue by its name."""
        return self.queues[name]

    def of_dead(self, dlq: str) -> Queue | None:
        """Return the queue whose dead letters are there; ``None`` for a relay's."""
        return next((each for each in self.queues.values() if each.spec.dlq == dlq), None)

    def send_dead(self, dlq: str, body: str, attributes: Mapping[str, Any]) -> str:
        """Take a message that a consumer has put into its dead-letter queue itself."""
        queue = self.of_dead(dlq)
        assert queue is not None
        return queue.put_dead_letter(body, attributes)

    def take(self, name: str, body: str, attributes: Mapping[str, Any]) -> str:
        """Take a message for a queue or a dead-letter queue; return its id."""
        if name not in self.queues:
            return self.send_dead(name, body, attributes)
        queue = self.queue(name)
        queue.send(body, poison=body in queue.poison, attributes=attributes)
        return f"{name}-{queue.sent}"

    def forget(self, name: str, receipt: str) -> bool:
        """Delete a message, or a dead letter, by its receipt; tell whether it was that one."""
        return any(
            queue.forget(receipt, dead=queue.spec.dlq == name)
            for queue in self.queues.values()
            if name in (queue.spec.name, queue.spec.dlq)
        )

    def redrive(self) -> int:
        """Put dead letters that are no poison back on their queues; return how many."""
        return sum(queue.redrive() for queue in self.queues.values())
