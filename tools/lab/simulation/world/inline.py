"""Pools of threads, for one processor: what is submitted is done at once, by who submits it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, Self


class Pool:
    """Stands in for a ``ThreadPoolExecutor``; the death of the container goes through it."""

    def __init__(self, max_workers: int | None = None) -> None: ...

    def submit(self, work: Callable[..., Any], *args: Any) -> "Future[Any]":
        """Do it, and return what came of it."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args))
        except Exception as error:  # noqa: BLE001  # as a thread keeps it, for who asks
            future.set_exception(error)
        return future

    def map(self, work: Callable[..., Any], *args: Any) -> Iterator[Any]:
        """Do all of it, and then tell what came of each."""
        futures = [self.submit(work, *each) for each in zip(*args, strict=False)]
        return (each.result() for each in futures)

    def shutdown(self, *, wait: bool = True, cancel_futures: bool = False) -> None:
        """Nothing is left to wait for."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...
