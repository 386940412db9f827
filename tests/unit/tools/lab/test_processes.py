"""Work in processes comes to an end, however its user ends."""

import multiprocessing
import os
import signal
import time
from contextlib import closing

import pytest

from tests.unit.tools.lab.ledger.players import hang
from tools.lab.processes import results


def square(number: int) -> int:
    return number * number


def fail_or_hang(number: int) -> int:
    if number == 1:
        raise ValueError(number)
    return hang()


def hang_behind(number: int) -> int:
    return number if number < 1 else hang()


@pytest.fixture(autouse=True)
def no_process_stays():
    before = set(multiprocessing.active_children())
    handler = signal.getsignal(signal.SIGINT)
    yield
    assert set(multiprocessing.active_children()) == before
    assert signal.getsignal(signal.SIGINT) is handler
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


def test_every_task_is_worked_on_once():
    tasks = range(50)
    assert sorted(results(square, tasks, number=2)) == [each * each for each in tasks]
    assert list(results(square, [], number=2)) == []
    assert sorted(results(square, tasks, number=2, tasks_each=20)) == [each**2 for each in tasks]


def test_tasks_are_taken_no_sooner_than_needed():
    taken = []
    tasks = (taken.append(each) or each for each in range(1_000))
    with closing(results(square, tasks, number=1)) as found:
        next(found)
    assert len(taken) < 100


def test_what_work_raises_ends_it():
    with pytest.raises(ValueError, match="1"):
        list(results(fail_or_hang, [0, 1], number=2))


def test_who_asks_no_further_does_not_wait_for_what_hangs():
    with closing(results(hang_behind, range(5), number=2)) as found:
        assert next(found) == 0


@pytest.mark.parametrize("everybody", [True, False], ids=["process group", "one process"])
def test_ctrl_c_ends_what_hangs_but_not_what_is_done_with_a_result(everybody):
    """On a terminal the whole group hears it; in the test nobody does but these processes."""
    done = []

    def take() -> None:
        for each in results(hang_behind, range(5), number=2):
            if everybody:
                for child in multiprocessing.active_children():
                    os.kill(child.pid, signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0)  # where the exception would come, were it not held back
            done.append(each)

    with pytest.raises(KeyboardInterrupt):
        take()
    assert done == [0]
