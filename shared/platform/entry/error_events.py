"""Publishes unexpected errors as ``error.reported``, through the table like any other event."""

from dataclasses import dataclass

from shared.kernel.aggregate import Aggregate
from shared.kernel.events import DomainEvent
from shared.kernel.ids import new_id
from shared.platform.dynamodb.standalone import publish_standalone
from shared.platform.runtime.errors import DatabaseBusy, DeadlineExceeded, NetworkError
from shared.platform.telemetry.masking import masked

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

    def file(self, error: BaseException, *, function: str, user_id: str | None) -> None:
        """Record what happened, secrets masked."""
        self._record(
            ErrorReported(
                error=type(error).__name__,
                message=masked(str(error))[:_MAX_MESSAGE],
                function=function,
                user_id=user_id,
            )
        )


def file_report(error: BaseException, *, function: str, user_id: str | None) -> None:
    """Commit the report on its own: the failed request's markers must not be part of it.

    What is busy or out of reach is left alone: a report would only add to the load. And when time
    has run out there is none for a report.
    """
    if isinstance(error, _NOT_NOW):
        return
    report = ErrorReport(new_id())
    report.file(error, function=function, user_id=user_id)
    publish_standalone(report)
