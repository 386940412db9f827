"""Threads of a tool, which Ctrl-C does not wait for."""

from concurrent.futures import ThreadPoolExecutor
from types import TracebackType


class Workers(ThreadPoolExecutor):
    """A pool whose block ends at once on Ctrl-C: what waits is dropped, what is under way left.

    A thread may sit in a call to a server that does not answer, for minutes.
    """

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        is_stopped = isinstance(error, KeyboardInterrupt)
        self.shutdown(wait=not is_stopped, cancel_futures=is_stopped)
