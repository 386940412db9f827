"""One task of operations = one Lambda function that is invoked by hand or by a tool, not by HTTP.

    handler = task_handler(wiring, "replay_events", read_replay, ReplayEventsHandler)

Who may invoke it is IAM's to say. It takes a JSON object and answers with one; what it refuses
it answers with ``{"error": {"code", "message", "details"}}``. A task that has more to do than
fits into one invocation answers with ``done: false`` and what to pass next time.
"""

from shared.platform.entry import lifecycle

lifecycle.begin_init()

# ruff: noqa: E402  # the garbage collector pauses during the imports that follow
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Protocol, TypeVar

from shared.kernel.errors import DomainError, ValidationFailed
from shared.platform.entry.reporting import report
from shared.platform.runtime.context import request_context
from shared.platform.runtime.deadline import alarm
from shared.platform.runtime.errors import DeadlineExceeded
from shared.platform.runtime.services import context_of, get_service
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.metrics import MetricUnit, metrics
from shared.platform.telemetry.tracing import incoming_trace, tracer

C = TypeVar("C")
C_contra = TypeVar("C_contra", contravariant=True)


class TaskHandler(Protocol[C_contra]):
    """Carries a task's command out."""

    def __call__(self, command: C_contra, /) -> Mapping[str, Any]:
        """Return what was done, as plain JSON values."""
        ...


def task_handler(
    wiring: ModuleType | str,
    use_case: str,
    read: Callable[[Mapping[str, Any]], C],
    handler: type[TaskHandler[C]],
) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Return the Lambda handler: *read* makes a command of the event, *handler* carries it out.

    *wiring* is the context's, whose services *handler* is made of.
    """
    name = f"{context_of(wiring)}.{use_case}"

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        with lifecycle.invocation(context, trace=incoming_trace(), actor=name):
            logger = get_logger(settings().service)
            outcome = "failed"
            try:
                with (
                    alarm(),
                    tracer.provider.in_subsegment(f"## {name}"),
                    metrics.timed("TaskDuration", task=name),
                ):
                    done = dict(get_service(handler)(read(event)))
                outcome = "done"
            except DomainError as refused:
                outcome = "refused"
                done = {"error": _explained(refused)}
            except (Exception, DeadlineExceeded) as error:
                report(error, function=name, arguments=event)
                raise
            finally:
                metrics.add_metric("Task", MetricUnit.Count, 1, task=name, outcome=outcome)
            logger.info("task handled", task=name, outcome=outcome, answer=done)
            return done

    with request_context(request_id="warm-up"):
        get_service(handler)
    lifecycle.end_init()
    return handle


def _explained(refused: DomainError) -> dict[str, Any]:
    errors = list(refused.errors) if isinstance(refused, ValidationFailed) else []
    details = refused.details | ({"errors": errors} if errors else {})
    return {"code": refused.code, "message": refused.message, "details": details}
