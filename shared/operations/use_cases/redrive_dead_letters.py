"""Put dead letters back on the queue they came from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.kernel.clock import Clock, to_iso
from shared.operations.domain.errors import NothingToRedrive
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

    It keeps its reason, and counts how often it was put back. What its queue refuses stays among
    the dead letters, and is counted. *relays* have dead letters that no queue takes, by name.
    """

    subscriptions: Subscriptions
    relays: Mapping[str, str]
    queues: Queues
    time_left: TimeLeft
    clock: Clock

    def __call__(self, command: RedriveDeadLetters) -> Mapping[str, Any]:
        """Return ``moved`` and ``refused``, ``reasons`` with counts, ``remaining`` and ``done``.

        ``position`` is to be passed when it is invoked again for the rest of the run.
        """
        if command.consumer is None:
            letters = {each.consumer: each.dead_letters for each in self.subscriptions.all()}
            waiting = {
                name: self.queues.depth(queue)
                for name, queue in sorted((letters | dict(self.relays)).items())
            }
            return {"done": True, "dead_letters": waiting}
        if command.consumer in self.relays:
            if command.look:
                return self._look(self.relays[command.consumer])
            raise NothingToRedrive(details={"consumer": command.consumer})
        subscription = self.subscriptions.find(command.consumer)
        if command.look:
            return self._look(subscription.dead_letters)
        began = command.began or self.clock.now()
        reasons: Counter[str] = Counter()
        back_again: list[QueueMessage] = []
        moved, refused, done = 0, 0, False
        while not done and self.time_left() >= _RESERVE_SECONDS:
            messages = self.queues.receive(subscription.dead_letters, hide_seconds=_HIDE_SECONDS)
            older = [message for message in messages if not _given_up_since(message, began)]
            back_again += [message for message in messages if message not in older]
            wanted = older[: command.limit - moved]
            back_again += older[len(wanted) :]
            taken = self._put_back(subscription, wanted)
            reasons.update(message.reason for message in taken)
            left = [each for each in wanted if not any(each is one for one in taken)]
            back_again += left
            moved, refused = moved + len(taken), refused + len(left)
            done = not older or moved >= command.limit
        self.queues.release(subscription.dead_letters, back_again)
        return {
            "done": done,
            "moved": moved,
            "refused": refused,
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

    def _look(self, dead_letters: str) -> Mapping[str, Any]:
        messages = self.queues.receive(dead_letters, hide_seconds=0)
        return {
            "done": True,
            "remaining": self.queues.depth(dead_letters),
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
