"""How somebody outside asks something of a function: over HTTP, or by invoking it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from tools.lab.simulation.world.faults import Fault
from tools.lab.simulation.world.requests import (
    AUTHORIZE,
    Errand,
    Pending,
    authorizer_event,
    event_of,
)

if TYPE_CHECKING:
    from tools.lab.simulation.world.tasks import Task
    from tools.lab.simulation.world.world import World


class Asking:
    """Starts invocations for people and operators, and tells them what came of it, or nothing."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def http(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        **request: Any,
    ) -> Pending:
        """Send a request; it is answered later, or never.

        With an access *token* the authorizer says who calls; without one ``caller`` is believed.
        """
        world = self._world
        pending = self._pending(method, path, **request)
        if token is not None:
            pending.headers = {**pending.headers, "Authorization": f"Bearer {token}"}
        event = event_of(world.cloud, pending)
        pending.started = world.step_number
        if token is None:
            self._begin(pending, event)
        else:
            self._authorize(pending, event)
        for watcher in world.watchers:
            watcher.asked(pending)
        return pending

    def _pending(  # as many parts as a request has
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        caller: Any = None,
    ) -> Pending:
        path, _, asked = path.partition("?")
        return Pending(
            method=method,
            path=path,
            body=body,
            headers=dict(headers or {}),
            query={**dict(parse_qsl(asked)), **(query or {})},
            caller=caller,
            invocation=f"request-{self._world.number()}",
            asked_at=self._world.clock.now,
        )

    def _authorize(self, pending: Pending, event: dict[str, Any]) -> None:
        """Have the authorizer asked, and the function behind it with what that says."""

        def done(task: "Task", outcome: tuple[Any, BaseException | None]) -> None:
            answer, error = outcome
            if error is not None:  # API Gateway says 500, and calls nothing
                self._answered(pending, task, outcome)
                return
            pending.authorized = answer["context"]
            event["requestContext"]["authorizer"] = {"lambda": answer["context"]}
            kind = answer["context"]["kind"]
            self._world.trace.note(task.name, "authorized", pending.path, kind)
            self._begin(pending, event)

        asked = authorizer_event(event)
        task = self._world.invoke(AUTHORIZE, asked, done, name=f"{pending.invocation} who")
        pending.faults = task.faults

    def _begin(self, pending: Pending, event: dict[str, Any]) -> None:
        def done(task: "Task", outcome: tuple[Any, BaseException | None]) -> None:
            self._answered(pending, task, outcome)

        task = self._world.invoke(pending.function, event, done, name=pending.invocation)
        task.faults.extend(pending.faults)
        pending.faults = task.faults

    def _answered(
        self, pending: Pending, task: "Task", outcome: tuple[Any, BaseException | None]
    ) -> None:
        world = self._world
        answer = self._heard(pending, task, outcome)
        if answer is not None:
            pending.response = answer
        status = "no answer" if answer is None else str(answer["statusCode"])
        world.trace.note(task.name, "answered", f"{pending.method} {pending.path}", status)
        for watcher in world.watchers:
            watcher.answered(pending)
        world.cast.answered(pending.invocation)

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
