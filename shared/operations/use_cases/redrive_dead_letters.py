"""Put dead letters back on the queue they came from, or throw them away with a reason."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.kernel.clock import Clock, to_iso
from shared.operations.domain.errors import NothingToRedrive
from shared.operations.domain.subscription import Subscription
from shared.operations.ports import QueueMessage, Queues, Subscriptions, TimeLeft

NoteDiscarded = Callable[[QueueMessage, str], None]
"""Takes note of a dead letter that is thrown away, and why."""
Take = Callable[[list[QueueMessage]], list[QueueMessage]]
"""Does with dead letters what is wanted; returns those with which it could."""
_RESERVE_SECONDS = 5.0
_HIDE_SECONDS = 120
"""Longer than an invocation: what it has received, no other takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedriveDeadLetters:
    """Put up to *limit* of *consumer*'s dead letters back; ``look`` only shows them.

    With a reason to *discard* them they are put back nowhere. Only those given up before the run
    *began*: one that fails at once would go round for ever.
    Without a consumer: return how many dead letters every consumer has.
    """

    consumer: str | None = None
    limit: int = 1_000
    look: bool = False
    discard: str | None = None
    began: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedriveDeadLettersHandler:
    """Sends first and removes then: a message may go back twice, and is never lost.

    It keeps its reason, and counts how often it was put back. What its queue refuses stays among
    the dead letters, and is counted. *relays* have dead letters that no queue takes, by name:
    these can be discarded alone. What is discarded is noted first, and what it was about is still
    in the tables.
    """

    subscriptions: Subscriptions
    relays: Mapping[str, str]
    queues: Queues
    time_left: TimeLeft
    clock: Clock
    note_discarded: NoteDiscarded

    def __call__(self, command: RedriveDeadLetters) -> Mapping[str, Any]:
        """Return ``moved`` or ``discarded``, ``refused``, ``reasons`` with counts, ``remaining``.

        ``position`` is to be passed when it is invoked again for the rest of the run.
        """
        if command.consumer is None:
            known = {each.consumer: each.dead_letters for each in self.subscriptions.all()}
            waiting = {
                name: self.queues.depth(queue)
                for name, queue in sorted((known | dict(self.relays)).items())
            }
            return {"done": True, "dead_letters": waiting}
        is_relay = command.consumer in self.relays
        found = None if is_relay else self.subscriptions.find(command.consumer)
        letters = found.dead_letters if found else self.relays[command.consumer]
        if command.look:
            return self._look(letters)
        if command.discard is not None:
            return self._work(command, letters, self._discarded(command, letters))
        if found is None:
            raise NothingToRedrive(details={"consumer": command.consumer})
        return self._work(command, letters, self._put_back(found))

    def _work(
        self, command: RedriveDeadLetters, dead_letters: str, take: Take
    ) -> Mapping[str, Any]:
        began = command.began or self.clock.now()
        reasons: Counter[str] = Counter()
        back_again: list[QueueMessage] = []
        moved, refused, done = 0, 0, False
        while not done and self.time_left() >= _RESERVE_SECONDS:
            messages = self.queues.receive(dead_letters, hide_seconds=_HIDE_SECONDS)
            older = [message for message in messages if not _given_up_since(message, began)]
            back_again += [message for message in messages if message not in older]
            wanted = older[: command.limit - moved]
            back_again += older[len(wanted) :]
            taken = take(wanted)
            reasons.update(message.reason for message in taken)
            left = [each for each in wanted if not any(each is one for one in taken)]
            back_again += left
            moved, refused = moved + len(taken), refused + len(left)
            done = not older or moved >= command.limit
        self.queues.release(dead_letters, back_again)
        return {
            "done": done,
            "moved" if command.discard is None else "discarded": moved,
            "refused": refused,
            "reasons": dict(reasons),
            "remaining": self.queues.depth(dead_letters),
            "position": {"began": to_iso(began), "left": command.limit - moved},
        }

    def _put_back(self, subscription: Subscription) -> Take:
        def take(messages: list[QueueMessage]) -> list[QueueMessage]:
            copies = [(_counted(message), message) for message in messages]
            taken = self.queues.send(subscription.queue, [copy for copy, _ in copies])
            originals = [one for copy, one in copies if any(copy is each for each in taken)]
            self.queues.remove(subscription.dead_letters, originals)
            return originals

        return take

    def _discarded(self, command: RedriveDeadLetters, dead_letters: str) -> Take:
        def take(messages: list[QueueMessage]) -> list[QueueMessage]:
            for message in messages:
                self.note_discarded(message, command.discard or "")
            self.queues.remove(dead_letters, messages)
            return messages

        return take

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
