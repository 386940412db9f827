"""Put dead letters back on the queue they came from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.kernel.clock import Clock, to_iso
from shared.operations.domain.subscription import Subscription
from shared.operations.ports import QueueMessage, Queues, Subscriptions, TimeLeft

_RESERVE_SECONDS = 5.0
_HIDE_SECONDS = 120
"""Longer than an invocation: what it has received, no other takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedriveDeadLetters:
    """Put up to *limit* of *consumer*'s dead letters back; ``look`` only shows them.

    Only those given up before the run *began*: one that fails at once would go round for ever.
    Without a consumer: return how many dead letters every consumer has.
    """

    consumer: str | None = None
    limit: int = 1_000
    look: bool = False
    began: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedriveDeadLettersHandler:
    """Sends first and removes then: a message may go back twice, and is never lost.

    It keeps its reason, and counts how often it was put back.
    """

    subscriptions: Subscriptions
    queues: Queues
    time_left: TimeLeft
    clock: Clock

    def __call__(self, command: RedriveDeadLetters) -> Mapping[str, Any]:
        """Return ``moved``, their ``reasons`` with counts, ``remaining`` and ``done``.

        ``position`` is to be passed when it is invoked again for the rest of the run.
        """
        if command.consumer is None:
            waiting = {
                each.consumer: self.queues.depth(each.dead_letters)
                for each in self.subscriptions.all()
            }
            return {"done": True, "dead_letters": waiting}
        subscription = self.subscriptions.find(command.consumer)
        if command.look:
            return self._look(subscription)
        began = command.began or self.clock.now()
        reasons: Counter[str] = Counter()
        back_again: list[QueueMessage] = []
        moved, done = 0, False
        while not done and self.time_left() >= _RESERVE_SECONDS:
            messages = self.queues.receive(subscription.dead_letters, hide_seconds=_HIDE_SECONDS)
            older = [message for message in messages if not _given_up_since(message, began)]
            back_again += [message for message in messages if message not in older]
            wanted = older[: command.limit - moved]
            back_again += older[len(wanted) :]
            taken = self._put_back(subscription, wanted)
            reasons.update(message.reason for message in taken)
            moved += len(taken)
            done = not older or moved >= command.limit
        self.queues.release(subscription.dead_letters, back_again)
        return {
            "done": done,
            "moved": moved,
            "reasons": dict(reasons),
            "remaining": self.queues.depth(subscription.dead_letters),
            "position": {"began": to_iso(began), "left": command.limit - moved},
        }

    def _put_back(
        self, subscription: Subscription, messages: list[QueueMessage]
    ) -> list[QueueMessage]:
        copies = [(_counted(message), message) for message in messages]
        taken = self.queues.send(subscription.queue, [copy for copy, _ in copies])
        originals = [message for copy, message in copies if any(copy is each for each in taken)]
        self.queues.remove(subscription.dead_letters, originals)
        return originals

    def _look(self, subscription: Subscription) -> Mapping[str, Any]:
        messages = self.queues.receive(subscription.dead_letters, hide_seconds=0)
        return {
            "done": True,
            "remaining": self.queues.depth(subscription.dead_letters),
            "letters": [
                {
                    "reason": message.reason,
                    "body": message.body,
                    "attributes": {**message.attributes},
                }
                for message in messages
            ],
        }


def _given_up_since(message: QueueMessage, began: datetime) -> bool:
    """What has no time was given up by SQS or the bus: it cannot be back within minutes."""
    given_up_at = message.attributes.get("given_up_at")
    return given_up_at is not None and given_up_at >= to_iso(began)


def _counted(message: QueueMessage) -> QueueMessage:
    again = int(message.attributes.get("redrives", "0")) + 1
    return replace(message, attributes={**message.attributes, "redrives": str(again)})
