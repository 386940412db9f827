from datetime import UTC, datetime, timedelta

import pytest

from shared.identity.domain.events import LoginFailed, LoginLockedOut, LoginRecovered
from shared.identity.domain.login_throttle import (
    FORGET_AFTER,
    FREE_FAILURES,
    LONGEST_LOCK,
    LoginThrottle,
    account_of,
    lock_after,
)
from shared.kernel.email import Email
from shared.kernel.errors import TooManyAttempts

pytestmark = pytest.mark.row("SEC-03")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def failed(times: int) -> LoginThrottle:
    throttle = LoginThrottle("account")
    for _ in range(times):
        throttle.count_failure(NOW)
    return throttle


def test_the_first_failures_have_no_consequence() -> None:
    throttle = failed(FREE_FAILURES)
    throttle.check(NOW)
    assert throttle.pending_events == tuple(
        LoginFailed(account="account", failures=n + 1) for n in range(FREE_FAILURES)
    )


def test_the_next_one_locks_and_every_further_one_doubles_the_lock() -> None:
    throttle, now, locks = failed(FREE_FAILURES), NOW, []
    for _ in range(8):
        throttle.count_failure(now)
        assert throttle.locked_until is not None
        locks.append((throttle.locked_until - now).total_seconds())
        now = throttle.locked_until
    assert locks == [30, 60, 120, 240, 480, 900, 900, 900]


def test_locking_is_an_event_of_its_own() -> None:
    *_, failure, locked = failed(FREE_FAILURES + 1).pending_events
    assert failure == LoginFailed(account="account", failures=FREE_FAILURES + 1)
    assert locked == LoginLockedOut(
        account="account", failures=FREE_FAILURES + 1, locked_until="2026-01-01T00:00:30.000Z"
    )


@pytest.mark.parametrize(("passed", "left"), [(0, 30), (0.001, 30), (29, 1), (29.999, 1)])
def test_while_locked_nothing_is_tried_and_the_wait_is_told(passed: float, left: int) -> None:
    with pytest.raises(TooManyAttempts) as refused:
        failed(FREE_FAILURES + 1).check(NOW + timedelta(seconds=passed))
    assert refused.value.retry_after_seconds == left


def test_the_lock_ends_on_time() -> None:
    failed(FREE_FAILURES + 1).check(NOW + timedelta(seconds=30))


def test_success_forgets() -> None:
    throttle = failed(FREE_FAILURES)
    throttle.clear()
    assert throttle.pending_events[-1] == LoginRecovered(account="account", failures=FREE_FAILURES)
    assert (throttle.failures, throttle.last_failed_at, throttle.locked_until) == (0, None, None)


def test_success_without_failures_is_no_event() -> None:
    throttle = LoginThrottle("account")
    throttle.clear()
    assert throttle.pending_events == ()


def test_failures_long_ago_do_not_count() -> None:
    throttle = failed(FREE_FAILURES)
    later = NOW + FORGET_AFTER + timedelta(seconds=1)
    throttle.count_failure(later)
    assert (throttle.failures, throttle.locked_until) == (1, None)


def test_a_very_long_row_does_not_overflow() -> None:
    assert lock_after(10**9) == LONGEST_LOCK


def test_an_account_is_the_address_whatever_its_case_and_does_not_show_it() -> None:
    account = account_of(Email("Ada@Example.com"), key="k")
    assert account == account_of(Email("ada@example.COM"), key="k")
    assert account != account_of(Email("ada@example.com"), key="l")
    assert "ada" not in account
