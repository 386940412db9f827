"""Work spread over processes: each imports the product once and keeps it."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from types import FrameType
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2
"""Tasks under way or waiting for each process: enough to keep it busy."""
_LOOK = 0.2
"""So many seconds pass at most before Ctrl-C is seen."""


def results(
    work: Callable[[T], R],
    tasks: Iterable[T],
    *,
    number: int | None = None,
    tasks_each: int | None = None,
) -> Generator[R, None, None]:
    """Yield what *work* returns for each of *tasks*, in the order in which they are done.

    *number* processes, one a core by default, each for *tasks_each* tasks at most. What *work*
    raises is raised here. Tasks are taken from their iterator no sooner than needed. Whoever asks
    no further, and Ctrl-C, ends what is under way, at once and in silence; no process outlives the
    one that started it. Ctrl-C is a KeyboardInterrupt out of this generator: never within what is
    done between two results.
    """
    number = number or os.cpu_count() or 1
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        number,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_end_with_parent,
        max_tasks_per_child=tasks_each,
    )
    left = iter(tasks)
    running: set[Future[R]] = set()
    with _interrupts() as interrupted:
        try:
            while not interrupted.is_set():
                with _held_back():  # the processes of the pool, and its threads, begin in here
                    room = number * _AHEAD - len(running)
                    running |= {pool.submit(work, each) for each in islice(left, room)}
                if not running:
                    return
                done, running = wait(running, timeout=_LOOK, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in done)
        finally:
            if running:
                for child in set(multiprocessing.active_children()) - before:
                    child.terminate()
            pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """Have Ctrl-C set an event, and raise its exception at the end.

    Raised at any bytecode, it can leave a lock of the pool's taken for ever.
    """
    event = threading.Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        event.set()

    if threading.current_thread() is not threading.main_thread():
        yield event  # a signal's handler can be set in the main thread alone
        return
    usual = signal.signal(signal.SIGINT, note)
    try:
        yield event
    finally:
        signal.signal(signal.SIGINT, usual)
        if event.is_set():
            raise KeyboardInterrupt


@contextmanager
def _held_back() -> Iterator[None]:
    """Keep Ctrl-C from this thread, and for good from the processes and threads it starts."""
    usual = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, usual)


def _end_with_parent() -> None:
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
