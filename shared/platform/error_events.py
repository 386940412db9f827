"""Publishes unexpected errors as ``error.reported``, through the table like any other event."""

from dataclasses import dataclass

from shared.kernel.aggregate import Aggregate
from shared.kernel.events import DomainEvent
from shared.kernel.ids import new_id
from shared.platform.errors import DatabaseBusy, DeadlineExceeded, NetworkError
from shared.platform.lone_events import publish_alone
from shared.platform.masking import masked
from shared.platform.reporting import ErrorContext

_MAX_MESSAGE = 500
_NOT_NOW = (DatabaseBusy, NetworkError, DeadlineExceeded)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReported(DomainEvent):
    """A function met an error that nobody expected."""

    type = "error.reported"

    error: str
    message: str
    function: str
    user_id: str | None


class ErrorReport(Aggregate):
    """One occurrence of an unexpected error."""

    aggregate_type = "ErrorReport"

    def file(self, error: BaseException, context: ErrorContext) -> None:
        """Record what happened, secrets masked."""
        self._record(
            ErrorReported(
                error=type(error).__name__,
                message=masked(str(error))[:_MAX_MESSAGE],
                function=context.function,
                user_id=context.user_id,
            )
        )


def file_report(error: BaseException, context: ErrorContext) -> None:
    """Commit the report on its own: the failed request's markers must not be part of it.

    What is busy or out of reach is left alone: a report would only add to the load. And when time
    has run out there is none for a report.
    """
    if isinstance(error, _NOT_NOW):
        return
    report = ErrorReport(new_id())
    report.file(error, context)
    publish_alone(report)
