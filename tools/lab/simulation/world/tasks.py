"""Invocations that take turns: a greenlet each, given up at every call to AWS and every sleep."""

import asyncio
from asyncio import events
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from greenlet import greenlet

from tools.lab.simulation.world.state import state

if TYPE_CHECKING:
    from tools.lab.simulation.world.calls import Call
    from tools.lab.simulation.world.containers import Container
    from tools.lab.simulation.world.world import World

_loops: list[asyncio.AbstractEventLoop] = []
"""Event loops that nobody uses at the moment: making one costs more than a whole request."""


_REMEMBERED = 10.0
"""Seconds for which a container may go on refusing because of what it met (a breaker's rest)."""


class Killed(BaseException):
    """The container is gone; nothing that runs in it may have any further effect."""


def close_loops() -> None:
    """Close the event loops that are kept."""
    while _loops:
        _loops.pop().close()


class LambdaContext:
    """What Lambda hands to a handler beside the event."""

    memory_limit_in_mb = 1024
    function_version = "$LATEST"

    def __init__(self, task: "Task") -> None:
        self._task = task
        self.function_name = task.function
        self.aws_request_id = task.name
        self.invoked_function_arn = (
            f"arn:aws:lambda:eu-west-1:000000000000:function:{task.function}"
        )

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds left."""
        return int((self._task.ends_at - self._task.world.clock.now) * 1000)


class Task:
    """One invocation of a function.

    ``call`` is the call to AWS that it waits for, if it has stopped at one; ``wakes_at`` when it
    goes on by itself, if it sleeps.
    """

    def __init__(
        self,
        world: "World",
        name: str,
        container: "Container",
        event: dict[str, Any],
        done: Callable[["Task", Any], None],
    ) -> None:
        self.world = world
        self.name = name
        self.container = container
        self.function = container.function.spec.name
        self.ends_at = world.clock.now + container.function.spec.timeout
        self.faults: list[str] = []
        if world.clock.now - container.fault_at < _REMEMBERED:
            self.faults.append(f"shortly before: {container.fault}")
        self.call: Call | None = None
        self.wakes_at: float | None = None
        self.alarm_at: float | None = None
        self.alarm_interval = 0.0
        self.alarm_handler: Any = None
        self.dead = False
        self.queued = False
        self._done = done
        self._event = event
        self._running_loop: Any = None
        self._loop = _loops.pop() if _loops else asyncio.new_event_loop()
        self._greenlet = greenlet(self._run)

    def _run(self) -> tuple[Any, BaseException | None]:
        try:
            answer = self.container.function.handler(self._event, LambdaContext(self))
        except BaseException as error:  # noqa: BLE001  # Lambda's runtime catches all, too
            return None, error
        return answer, None

    def resume(self, value: Any = None, *, error: BaseException | None = None) -> None:
        """Let the invocation go on until it stops again or is done."""
        state.task = self
        self.container.enter()
        asyncio.set_event_loop(self._loop)
        events._set_running_loop(self._running_loop)
        self.call = None
        try:
            if error is None:
                outcome = (
                    self._greenlet.switch(value) if self._greenlet else self._greenlet.switch()
                )
            else:
                outcome = self._greenlet.throw(error)
        finally:
            self._running_loop = events._get_running_loop()
            events._set_running_loop(None)
            state.task = state.container = None
        if self._greenlet.dead:
            self._finish(outcome)

    def kill(self) -> None:
        """Take the container away: nothing that the unwinding code tries reaches AWS."""
        self.dead = True
        if self._greenlet:
            self.resume(error=Killed())
        else:
            self._finish((None, Killed()))

    def abandon(self) -> None:
        """Unwind what is left when the run is over; without a message to anybody."""
        self._done = lambda task, outcome: None
        if self._greenlet:
            self.kill()
        elif not self._greenlet.dead:  # it never began
            self._finish((None, None))

    def stop(self) -> Any:
        """Give the processor away; return (or raise) what the scheduler says."""
        if self.dead:
            raise Killed
        parent = self._greenlet.parent
        answer = parent.switch()
        self.ring()
        return answer

    def sleep(self, seconds: float) -> None:
        """Stop for *seconds*."""
        if self.dead:
            raise Killed
        self.wakes_at = self.world.clock.now + max(0.0, seconds)
        self.world.sleeping(self)
        self.stop()

    def ring(self) -> None:
        """Let the alarm of the deadline go off inside the invocation, if its time has come."""
        if self.alarm_at is None or self.world.clock.now < self.alarm_at or self.dead:
            return
        self.alarm_at += max(self.alarm_interval, 1e-3)
        self.alarm_handler(None, None)

    def failed(self, fault: str) -> None:
        """Take note of a fault that was injected here."""
        self.faults.append(fault)
        self.container.fault, self.container.fault_at = fault, self.world.clock.now

    @property
    def rings(self) -> bool:
        """Whether the alarm is due."""
        return self.alarm_at is not None and self.world.clock.now >= self.alarm_at

    def _finish(self, outcome: tuple[Any, BaseException | None]) -> None:
        if self.dead and asyncio.all_tasks(self._loop):
            self._loop.close()
        else:
            _loops.append(self._loop)
        if self.dead:  # whatever unwinding made of it: nobody hears an answer of the dead
            outcome = None, Killed()
        self._done(self, outcome)
