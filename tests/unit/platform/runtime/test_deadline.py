import signal
import threading
import time
from contextlib import suppress

import pytest

from shared.platform.runtime.deadline import MARGIN_SECONDS, alarm, deadline, remaining_seconds
from shared.platform.runtime.errors import DeadlineExceeded
from tools.lab.support.lambda_context import LambdaContext

pytestmark = pytest.mark.row("MID-02")


def ending_in(seconds: float):
    return deadline(LambdaContext(remaining_ms=round((seconds + MARGIN_SECONDS) * 1000)))


def work() -> None:
    """Work until somebody stops it, for a minute at most."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        pass
    pytest.fail("nobody rang")


@pytest.fixture(autouse=True)
def _nothing_stays_armed():
    with ending_in(60), alarm():
        pass  # the first alarm of a process installs the handler
    before = signal.getsignal(signal.SIGALRM)
    yield
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_outside_an_invocation_time_is_without_end():
    assert remaining_seconds() == float("inf")
    with deadline(None), alarm():
        assert remaining_seconds() == float("inf")
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_margin_is_kept_back_and_time_never_becomes_negative():
    with deadline(LambdaContext(remaining_ms=10_000)):
        assert 0 < remaining_seconds() <= 10 - MARGIN_SECONDS
    with deadline(LambdaContext(remaining_ms=100)):
        assert remaining_seconds() == 0.0
    assert remaining_seconds() == float("inf")


def test_the_alarm_ends_work_in_progress():
    with pytest.raises(DeadlineExceeded), ending_in(0.01), alarm():
        work()


def test_a_deadline_that_has_passed_rings_at_once():
    with pytest.raises(DeadlineExceeded), ending_in(-1), alarm():
        work()


def test_no_except_exception_can_swallow_it():
    assert not issubclass(DeadlineExceeded, Exception)


def test_the_alarm_rings_again_when_somebody_did_swallow_it():
    def swallow() -> None:
        with suppress(DeadlineExceeded):
            work()
        work()

    with pytest.raises(DeadlineExceeded), ending_in(0.01), alarm():
        swallow()


def test_leaving_the_block_in_time_or_with_an_error_silences_the_alarm():
    with ending_in(60), alarm():
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    with pytest.raises(RuntimeError), ending_in(60), alarm():
        raise RuntimeError


def test_an_inner_alarm_leaves_the_outer_one_set():
    def nest() -> None:
        with ending_in(60), alarm():
            pass
        work()

    with pytest.raises(DeadlineExceeded), ending_in(0.05), alarm():
        nest()


def test_an_inner_deadline_that_comes_first_ends_only_the_inner_block():
    with ending_in(60), alarm():
        with pytest.raises(DeadlineExceeded), ending_in(0.01), alarm():
            work()
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 1


def test_a_ring_that_an_inner_block_could_not_silence_does_not_end_the_outer_one():
    with ending_in(60), alarm():
        left = time.monotonic() + 0.3
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)  # as a block leaves it that was cut short
        while time.monotonic() < left:
            pass


def test_other_threads_have_the_clock_but_no_alarm():
    found = []

    def run() -> None:
        with ending_in(60), alarm():
            found.append((remaining_seconds(), signal.getitimer(signal.ITIMER_REAL)))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    ((left, timer),) = found
    assert 0 < left <= 60
    assert timer == (0.0, 0.0)


def test_alarms_that_race_the_end_of_their_block_never_ring_outside():
    rang = 0
    for number in range(400):
        try:
            with ending_in(number / 200_000), alarm():
                for _ in range(number):
                    pass
        except DeadlineExceeded:
            rang += 1
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert rang < 400
