"""Everything one command changes, committed together or not at all."""

from types import TracebackType
from typing import Protocol, Self

from shared.kernel.commands import CommandResult


class UnitOfWork(Protocol):
    """Collects what the repositories save and writes it in one transaction.

    Contexts extend this protocol with their repositories. Leaving the block without a commit
    writes nothing.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def checkpoint(self) -> None:
        """Write what was saved so far, and no marker: the command goes on, or comes again.

        For what has to be on record before something outside is asked, which no transaction can
        take back. What comes after it must be ready to find it done.
        """
        ...

    def commit(self, result: CommandResult | None = None) -> None:
        """Write it all: states, events, claims of uniqueness, and the marker of the request.

        *result* is what a repetition of the same request is answered with; without one the
        request is not remembered. Raises `StaleAggregate` when a loaded version is no longer
        the stored one, and whatever error a failed claim or condition was staged with.
        """
        ...
