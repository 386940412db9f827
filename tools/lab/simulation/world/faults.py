"""What goes wrong, and who decides that it does: dice that differ by seed, or an explicit plan."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from tools.lab.simulation.world.as_of_old import LATEST


class Fault(StrEnum):
    """Every kind of fault that the world can inject."""

    # at a call to AWS
    CRASH_BEFORE = "crash before the call"
    CRASH_AFTER = "crash after the call"
    CONFLICT = "transaction conflict"
    THROTTLED = "throttled"
    INTERNAL_ERROR = "internal server error"
    LOST_ANSWER = "answer lost, effect done"
    LOST_REQUEST = "request lost, no effect"
    LATE_EFFECT = "effect after the caller gave up"
    RESENT = "sent twice by the SDK"
    SLOW = "slow call"
    UNPROCESSED_KEYS = "keys left unprocessed"
    UNPROCESSED_ITEMS = "writes left unprocessed"
    PARTIAL_PUT = "bus took some entries only"
    PARTIAL_BATCH = "queue took or removed some messages only"
    RELAY_DIED = "relay died between put and checkpoint"
    GATEWAY_LATE = "gateway answered late"
    GATEWAY_SILENT = "gateway never answered, charge made"
    # at a delivery
    DUPLICATE = "message twice"
    DELAYED = "message late"
    REORDERED = "messages out of order"
    REDELIVERED = "delivered again while the first delivery ran"
    ACK_LOST = "acknowledgement lost"
    DELIVERY_THROTTLED = "delivery throttled, and counted"
    CHECKPOINT_LOST = "stream batch again after success"
    POISON = "poison message"
    ANSWER_LOST = "client never heard the answer"
    # in what stands around
    MAILS_REFUSED = "mail service refuses everything for a while"
    STALE_INDEX = "index falls behind"
    TTL_REMOVED = "expired row removed"
    TTL_LINGERED = "expired row still there"
    CLOCK_JUMP = "container's clock jumps"
    OLD_WRITER = "old code wrote an earlier version of an event"
    OLD_READER = "old code met a later version of an event"
    # what the above brings about
    DEADLINE = "deadline's alarm rang"
    TIMED_OUT = "Lambda's time-out killed the container"
    DEAD_LETTER = "message given up"


CRASHES = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER)

_AT_CALLS: Mapping[Fault, float] = {
    Fault.CRASH_BEFORE: 1.0,
    Fault.CRASH_AFTER: 1.0,
    Fault.CONFLICT: 1.0,
    Fault.THROTTLED: 0.5,
    Fault.INTERNAL_ERROR: 0.5,
    Fault.LOST_ANSWER: 1.0,
    Fault.LOST_REQUEST: 0.5,
    Fault.LATE_EFFECT: 0.5,
    Fault.RESENT: 1.0,
    Fault.SLOW: 0.7,
    Fault.UNPROCESSED_KEYS: 1.0,
    Fault.PARTIAL_PUT: 2.0,
}
"""How likely each is beside the others, where it can happen at all."""
_IN_BATCHES: Mapping[Fault, float] = {Fault.UNPROCESSED_ITEMS: 2.0, Fault.PARTIAL_BATCH: 2.0}
"""The same, by dice of their own: what fails elsewhere in a run does not hang on them."""

_ELSEWHERE = (
    Fault.DUPLICATE,
    Fault.DELAYED,
    Fault.REDELIVERED,
    Fault.ACK_LOST,
    Fault.DELIVERY_THROTTLED,
    Fault.CHECKPOINT_LOST,
    Fault.ANSWER_LOST,
    Fault.STALE_INDEX,
    Fault.CLOCK_JUMP,
)
_RARE: Mapping[Fault, float] = {Fault.CLOCK_JUMP: 0.5}
_DEPLOYING = 0.3
"""The share of runs during which new code is being rolled out, container by container."""

_MAIL_OUTAGES = 0.3
"""The share of runs with faults in which the mail service is down for a time."""
_MAILS_DOWN_FOR = (20.0, 600.0, 3 * 3_600.0)
"""Seconds: retries see it through, dead letters have to, or nothing before it is over."""
_LASTS = 0.8
"""How likely an outage goes on from one attempt to the next."""
_INTENSITIES = (0.0, 0.005, 0.02, 0.05, 0.12)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How one run goes: all by dice of *seed*, or orderly and with the given faults only.

    ``at_calls``: number of the call (from 1) → its fault; ``None`` for dice.
    ``max_faults``: from then on nothing fails any more; how a failure is shortened.
    ``max_steps``: how long faults go on.
    ``release``: the release that is rolled out (`as_of_old`); then all that runs is old code until
    it is redriven.
    """

    seed: int = 0
    at_calls: Mapping[int, Fault] | None = None
    max_faults: int | None = None
    max_steps: int = 1_500
    release: int | None = None

    @property
    def orderly(self) -> bool:
        """Whether everything happens in its natural order."""
        return self.at_calls is not None


@dataclass
class Faults:
    """Decides about each opportunity to fail, and counts what it injected.

    Swarm testing (Groce et al., 2012): each seed has its own intensity and its own subset of
    kinds, so that no kind always hides behind another one.
    """

    plan: Plan
    counts: Counter[Fault] = field(default_factory=Counter)
    injected: int = 0
    over: bool = False

    def __post_init__(self) -> None:
        self._dice = Random(f"faults {self.plan.seed}")
        dice = self._dice
        self.intensity = dice.choice(_INTENSITIES) * dice.uniform(0.5, 1.5)
        self._rates = {
            kind: rate * self.intensity for kind, rate in _AT_CALLS.items() if dice.random() < 0.7
        }
        batches = Random(f"batches {self.plan.seed}")
        self._rates |= {
            kind: rate * self.intensity
            for kind, rate in _IN_BATCHES.items()
            if batches.random() < 0.7
        }
        self.old_code = 0.3 if not self.plan.orderly and dice.random() < _DEPLOYING else 0.0
        self.release = Random(f"release {self.plan.seed}").randint(1, LATEST)
        if self.plan.release is not None:
            self.old_code, self.release = 1.0, self.plan.release
        elif not self.old_code:
            self.release = LATEST
        self._mails_down = (math.inf, math.inf)
        mails = Random(f"mails {self.plan.seed}")
        if not self.plan.orderly and self.intensity and mails.random() < _MAIL_OUTAGES:
            since = mails.uniform(-15.0, 15.0)  # the first mail is there within a second
            self._mails_down = since, since + mails.choice(_MAILS_DOWN_FOR)
        self._else = {
            kind: min(0.5, 4 * self.intensity * _RARE.get(kind, 1.0))
            for kind in _ELSEWHERE
            if dice.random() < 0.7
        }

    def at_call(
        self, number: int, possible: tuple[Fault, ...], *, weight: float = 1.0
    ) -> Fault | None:
        """Return the fault of call *number*, one of the *possible*, if there is to be one.

        *weight* is how much more likely than at other calls a fault is.
        """
        if self.plan.at_calls is not None:
            wanted = None if self.over else self.plan.at_calls.get(number)
            return wanted if wanted is not None and self._inject(wanted) else None
        thrown = self._dice.random() / weight
        if self.over:
            return None
        for kind in possible:
            thrown -= self._rates.get(kind, 0.0)
            if thrown < 0:
                return kind if self._inject(kind) else None
        return None

    def happens(self, kind: Fault) -> bool:
        """Tell whether a fault of this kind is to happen now."""
        if self.plan.orderly or self.over:
            return False
        rate = self._else.get(kind, 0.0)
        return rate > 0 and self._dice.random() < rate and self._inject(kind)

    def mails_are_refused(self, elapsed: float) -> bool:
        """Tell whether the mail service takes nothing, so many seconds into the run."""
        since, until = self._mails_down
        return not self.over and since <= elapsed < until and self._inject(Fault.MAILS_REFUSED)

    def goes_on(self, kind: Fault) -> bool:
        """Tell whether what has failed a moment ago fails again: outages last."""
        if self.plan.orderly or self.over:
            return False
        return self._dice.random() < _LASTS and self._inject(kind)

    def note(self, kind: Fault, number: int = 1) -> None:
        """Count what came about by itself, or a second name of what was injected."""
        self.counts[kind] += number

    def _inject(self, kind: Fault) -> bool:
        if self.plan.max_faults is not None and self.injected >= self.plan.max_faults:
            return False
        self.injected += 1
        self.counts[kind] += 1
        return True
