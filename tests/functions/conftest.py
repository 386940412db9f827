"""What every function's test may use."""

import time

import pytest

from shared.platform.rate_limits.limiter import RateLimiter


@pytest.fixture
def one_window(monkeypatch: pytest.MonkeyPatch) -> float:
    """Hold the clock of rate limits still, so that no window ends while a test counts within it.

    Return the moment that every limiter built from now on reads.
    """
    moment = time.time()
    defaults = RateLimiter.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "clock", lambda: moment)
    return moment
