"""Put dead letters back on the queue they came from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.kernel.clock import Clock, to_iso
from shared.operations.domain.subscription import Subscription
from shared.operations.ports import Letter, Queues, Subscriptions, TimeLeft

_RESERVE_SECONDS = 5.0
_HIDE_SECONDS = 120
"""Longer than an invocation: what it has received, no other takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedriveDeadLetters:
    """Put up to *limit* of *consumer*'s dead letters back; ``look`` only shows them.

    Only those given up before the run *began*: one that fails at once would go round for ever.
    Without a consumer: tell how many dead letters every consumer has.
    """

    consumer: str | None = None
    limit: int = 1_000
    look: bool = False
    began: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedriveDeadLettersHandler:
    """Sends first and removes then: a letter may go back twice, and is never lost.

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
        back_again: list[Letter] = []
        moved, done = 0, False
        while not done and self.time_left() >= _RESERVE_SECONDS:
            letters = self.queues.receive(subscription.dead_letters, hide_seconds=_HIDE_SECONDS)
            older = [letter for letter in letters if not _given_up_since(letter, began)]
            back_again += [letter for letter in letters if letter not in older]
            wanted = older[: command.limit - moved]
            back_again += older[len(wanted) :]
            taken = self._put_back(subscription, wanted)
            reasons.update(letter.reason for letter in taken)
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

    def _put_back(self, subscription: Subscription, letters: list[Letter]) -> list[Letter]:
        copies = [(_counted(letter), letter) for letter in letters]
        taken = self.queues.send(subscription.queue, [copy for copy, _ in copies])
        originals = [letter for copy, letter in copies if any(copy is each for each in taken)]
        self.queues.remove(subscription.dead_letters, originals)
        return originals

    def _look(self, subscription: Subscription) -> Mapping[str, Any]:
        letters = self.queues.receive(subscription.dead_letters, hide_seconds=0)
        return {
            "done": True,
            "remaining": self.queues.depth(subscription.dead_letters),
            "letters": [
                {"reason": letter.reason, "body": letter.body, "attributes": {**letter.attributes}}
                for letter in letters
            ],
        }


def _given_up_since(letter: Letter, began: datetime) -> bool:
    """What has no time was given up by SQS or the bus: it cannot be back within minutes."""
    given_up_at = letter.attributes.get("given_up_at")
    return given_up_at is not None and given_up_at >= to_iso(began)


def _counted(letter: Letter) -> Letter:
    again = int(letter.attributes.get("redrives", "0")) + 1
    return replace(letter, attributes={**letter.attributes, "redrives": str(again)})
