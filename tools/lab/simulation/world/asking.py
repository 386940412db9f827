"""How somebody outside asks something of a function: over HTTP, or by invoking it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from tools.lab.simulation.world.faults import Fault
from tools.lab.simulation.world.requests import Errand, Pending, event_of
from tools.lab.support.http_events import Bearer

if TYPE_CHECKING:
    from tools.lab.simulation.world.tasks import Task
    from tools.lab.simulation.world.world import World

AUTHORIZE = "identity.authorize"
Item = dict[str, Any]
Done = Callable[["Task", tuple[Any, BaseException | None]], None]


class Asking:
    """Starts invocations for people and operators, and tells them what came of it, or nothing."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def http(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        caller: Any = None,
    ) -> Pending:
        """Send a request; it is answered later, or never."""
        world = self._world
        path, _, asked = path.partition("?")
        pending = Pending(
            method=method,
            path=path,
            body=body,
            headers=dict(headers or {}),
            query={**dict(parse_qsl(asked)), **(query or {})},
            caller=caller,
            invocation=f"request-{world.number()}",
            asked_at=world.clock.now,
        )
        event = event_of(world.cloud, pending)
        pending.started = world.step_number

        def done(task: "Task", outcome: tuple[Any, BaseException | None]) -> None:
            answer = self._heard(pending, task, outcome)
            if task.faults is not pending.faults:
                pending.faults += task.faults
            if answer is not None:
                pending.response = answer
            status = "no answer" if answer is None else str(answer["statusCode"])
            world.trace.note(pending.invocation, "answered", f"{method} {path}", status)
            for watcher in world.watchers:
                watcher.answered(pending)
            world.cast.answered(pending.invocation)

        if isinstance(caller, Bearer):
            self._identify(caller, pending, event, done)
        else:
            task = world.invoke(pending.function, event, done, name=pending.invocation)
            pending.faults = task.faults
        for watcher in world.watchers:
            watcher.asked(pending)
        return pending

    def _identify(self, caller: Bearer, pending: Pending, event: Item, done: Done) -> None:
        """Have the authorizer asked first, as the gateway does, and the function by its word."""
        world = self._world

        def identified(task: "Task", outcome: tuple[Any, BaseException | None]) -> None:
            word, error = outcome
            world.trace.note(task.name, "identified", "" if error else word["context"]["kind"])
            if error is not None:  # the gateway's own 500, which is in no envelope
                done(task, (None, error))
                return
            event["requestContext"]["authorizer"] = {"lambda": word["context"]}
            pending.faults += task.faults
            world.invoke(pending.function, event, done, name=pending.invocation)

        asked = {
            **event,
            "type": "REQUEST",
            "headers": {**event["headers"], "authorization": f"Bearer {caller.token}"},
        }
        world.invoke(AUTHORIZE, asked, identified, name=f"{pending.invocation}-authorizer")

    def function(self, name: str, event: Mapping[str, Any]) -> Errand:
        """Invoke a function by itself; it answers later, or never."""
        world = self._world
        errand = Errand(
            name, event, f"errand-{world.number()}", world.clock.now, world.step_number
        )

        def done(task: "Task", outcome: tuple[Any, BaseException | None]) -> None:
            _, error = outcome
            errand.error = "" if error is None else type(error).__name__
            errand.result = self._heard(errand, task, outcome)
            world.trace.note(task.name, "answered", name, errand.error or "done")
            for watcher in world.watchers:
                watcher.told(errand)
            world.cast.answered(task.name)

        task = world.invoke(name, dict(event), done, name=errand.invocation)
        errand.faults = task.faults
        for watcher in world.watchers:
            watcher.set_out(errand)
        return errand

    def _heard(
        self,
        asked: Pending | Errand,
        task: "Task",
        outcome: tuple[Any, BaseException | None],
    ) -> Any:
        """Note that it is done; return what whoever asked hears of it, or ``None``."""
        answer, error = outcome
        asked.done, asked.answered_at = True, self._world.clock.now
        if error is not None:
            return None
        if self._world.faults.happens(Fault.ANSWER_LOST):
            task.faults.append(Fault.ANSWER_LOST)
            return None
        return answer
