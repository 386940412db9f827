"""What a snapshot of an initialised function would copy into every environment restored from it.

With SnapStart (off unless the template's parameter says otherwise) init runs once, when a version
is published, and its memory is used again for days. So connections are closed before it is taken;
after each restore the generator of random numbers gets a seed of its own, and what is kept for a
time has aged by as long as the snapshot lay. What comes from the operating system's generator
(ids, tokens, nonces, salts: `os.urandom`, `secrets`) differs by itself: Lambda sees to that.

Where no snapshot is taken nothing of this is registered, and the hooks' package is not loaded.
"""

import os
import time
from collections.abc import Callable

Hook = Callable[[], object]


class AgeClock:
    """A monotonic clock that also counts the time for which a snapshot lay.

    The machine's own stands still meanwhile, so that a secret read a week ago would seem new.
    """

    def __init__(
        self,
        *,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._lain = 0.0
        self._stopped_at: tuple[float, float] | None = None

    def now(self) -> float:
        """Return seconds since some point, for differences between two of them."""
        return self._monotonic() + self._lain

    def stop(self) -> None:
        """Note when the snapshot is taken."""
        self._stopped_at = self._wall(), self._monotonic()

    def go_on(self) -> None:
        """Count what has passed since then unseen; a wall clock set back counts nothing."""
        if self._stopped_at is not None:
            wall, monotonic = self._stopped_at
            passed, seen = self._wall() - wall, self._monotonic() - monotonic
            self._lain += max(0.0, passed - seen)
            self._stopped_at = None


_clock = AgeClock()
monotonic = _clock.now
"""The clock for whatever is kept between invocations; deadlines within one need none of it."""


def is_expected() -> bool:
    """Tell whether this process is about to become a snapshot, or is restored from one."""
    return os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start"


def before_snapshot(hook: Hook) -> None:
    """Have *hook* called before the snapshot is taken, if one is; later ones come first."""
    if is_expected():
        from snapshot_restore_py import register_before_snapshot  # noqa: PLC0415  # only then

        register_before_snapshot(hook)


def after_restore(hook: Hook) -> None:
    """Have *hook* called in every environment that is restored from the snapshot."""
    if is_expected():
        from snapshot_restore_py import register_after_restore  # noqa: PLC0415  # only then

        register_after_restore(hook)


def expect() -> None:
    """Register what every function needs; called once, at the end of init."""
    before_snapshot(_clock.stop)
    after_restore(_clock.go_on)
    after_restore(_reseed)


def _reseed() -> None:
    """Give jitter and the choice of shards numbers of their own, and TLS some more entropy."""
    import random  # noqa: PLC0415  # whoever draws from it has loaded it
    import ssl  # noqa: PLC0415  # botocore has loaded it

    random.seed()
    ssl.RAND_add(os.urandom(32), 32.0)
