"""The people of a run: generators that wait for answers, or for time to pass."""

from collections.abc import Iterator
from typing import Any

from tools.lab.simulation.world.requests import Errand, Pending
from tools.lab.simulation.world.scheduler import Scheduler

Wait = Pending | Errand | float
Actor = Iterator[Any]
"""Yields what it waits for: a `Pending`, an `Errand`, or so many virtual seconds."""


class Cast:
    """Moves actors along: each is one of the things that are ready."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._acting = 0
        self._waiting: dict[str, list[Actor]] = {}

    @property
    def acting(self) -> bool:
        """Whether anybody still has something to do."""
        return self._acting > 0

    def enter(self, actor: Actor) -> None:
        """Let an actor act."""
        self._acting += 1
        self._go_on(actor)

    def answered(self, invocation: str) -> None:
        """Let those go on who waited for this request."""
        for actor in self._waiting.pop(invocation, ()):
            self._go_on(actor)

    def leave(self) -> None:
        """Forget whoever still waits."""
        self._waiting.clear()

    def _go_on(self, actor: Actor) -> None:
        self._scheduler.ready(lambda: self._act(actor))

    def _act(self, actor: Actor) -> None:
        try:
            wait = next(actor)
        except StopIteration:
            self._acting -= 1
            return
        if isinstance(wait, float | int):
            self._scheduler.at(self._scheduler.clock.now + wait, lambda: self._go_on(actor))
        elif wait.done:
            self._go_on(actor)
        else:
            self._waiting.setdefault(wait.invocation, []).append(actor)
