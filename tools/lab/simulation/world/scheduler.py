"""One thing at a time: what is ready takes turns by dice, and time passes in between."""

import heapq
from collections.abc import Callable
from random import Random

from tools.lab.simulation.world.clock import Clock

Ready = Callable[[], None]
_LATENCY = (0.001, 0.02)
_ORDERLY_LATENCY = 0.005


class Scheduler:
    """Picks the next step among everything that is ready.

    An *orderly* one takes them as they come. Others pick any, and with some *dice* rather the
    latest, so that one invocation runs far ahead of all others.
    """

    def __init__(self, dice: Random, *, orderly: bool) -> None:
        self.clock = Clock()
        self.dice = dice
        self.step_number = 0
        self._orderly = orderly
        self._ready: list[Ready] = []
        self._timers: list[tuple[float, int, Ready]] = []
        self._numbered = 0
        self._stickiness = dice.choice((0.0, 0.0, 0.5, 0.9))

    def ready(self, go: Ready) -> None:
        """Have *go* called at some step from now on."""
        self._ready.append(go)

    def at(self, when: float, go: Ready) -> None:
        """Have *go* called at the time *when*, not as a step of its own."""
        if when <= self.clock.now:
            go()
        else:
            heapq.heappush(self._timers, (when, self.number(), go))

    def run(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Take steps until nothing is left to happen, or *until* says so."""
        timers, clock = self._timers, self.clock
        while not until():
            while timers and timers[0][0] <= clock.now:
                heapq.heappop(timers)[2]()
            if self._ready:
                self._step()
            elif timers:
                clock.now = max(clock.now, timers[0][0])
            else:
                return

    def number(self) -> int:
        """Return 1, 2, 3 …: names for what needs one."""
        self._numbered += 1
        return self._numbered

    def beside(self) -> None:
        """Do what happens now and then at any step."""

    def forget(self) -> None:
        """Drop everything that was to happen."""
        self._ready.clear()
        self._timers.clear()

    def _step(self) -> None:
        self.step_number += 1
        go = self._picked()
        latency = _ORDERLY_LATENCY if self._orderly else self.dice.uniform(*_LATENCY)
        self.clock.now += latency
        self.beside()
        go()

    def _picked(self) -> Ready:
        ready = self._ready
        if self._orderly:
            return ready.pop(0)
        if not self._stickiness or self.dice.random() >= self._stickiness:
            position = int(self.dice.random() * len(ready))
            ready[position], ready[-1] = ready[-1], ready[position]
        return ready.pop()
