"""What a known difference between engines is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tools.lab.engines.outcomes import Outcome

Step = tuple[str, dict[str, Any]]
Explains = Callable[[Step, Outcome, Outcome], bool]


def never(_: Step) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Difference:
    """In which *engine* differs from ours, what it does and why ours is not changed for it.

    ``explains(step, ours, theirs)`` recognises it; *example* shows it: a test runs each, so that
    an entry whose difference is gone has to go as well. *silent* tells the steps after which the
    tables may differ although the answers agree.
    """

    engine: str
    name: str
    reason: str
    explains: Explains
    example: tuple[Step, ...]
    silent: Callable[[Step], bool] = never


def we_say(*messages: str, they: Callable[[Outcome], bool] = bool) -> Explains:
    """Recognise it by one of our messages, and by what *they* do instead."""

    def explains(_: Step, ours: Outcome, theirs: Outcome) -> bool:
        return any(message in ours.message for message in messages) and they(theirs)

    return explains


def they_say(*messages: str) -> Explains:
    """Recognise it by one of their messages."""

    def explains(_: Step, __: Outcome, theirs: Outcome) -> bool:
        return any(message in theirs.message for message in messages)

    return explains


def answers(outcome: Outcome) -> bool:
    return not outcome.error


def refuses(*codes: str) -> Callable[[Outcome], bool]:
    """Recognise a refusal with one of *codes*, with none given any."""
    return lambda outcome: bool(outcome.error) and (not codes or outcome.error in codes)
