"""Hours of rotations in virtual time: runs that fail anywhere, two at once, caches everywhere.

Whatever happens, whoever verifies knows the key of every token that is good, without asking anew
before their copy of the keys ends; and after a leak nobody is known by a key of before.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Self

import pytest

from shared.identity.domain.access import ACCESS_SECONDS
from shared.identity.domain.key_ring import CACHED_SECONDS, KeyRing, PublicHalf, PublicKey
from shared.identity.use_cases.rotate_signing_keys import (
    RotateSigningKeys,
    RotateSigningKeysHandler,
)
from shared.kernel.clock import FixedClock
from shared.kernel.errors import StaleAggregate
from shared.platform.aws.secrets import KEEP_SECONDS

pytestmark = pytest.mark.row("SEC-02")
SEEDS, STEPS = 40, 120
CACHED, TOKEN = timedelta(seconds=CACHED_SECONDS), timedelta(seconds=ACCESS_SECONDS)


class Crash(Exception):
    """The run ends here: a timeout, a lost answer, a refusal."""


@dataclass
class World:
    """The table, the secret, the time, and what is done in the middle of a call."""

    random: Random
    ring: KeyRing
    clock: FixedClock = field(default_factory=lambda: FixedClock(datetime(2026, 1, 1, tzinfo=UTC)))
    versions: list[str] = field(default_factory=lambda: ["v0"])
    labels: dict[str, str] = field(default_factory=lambda: {"current": "v0"})
    crashes: float = 0.0
    meanwhile: Callable[[], object] | None = None

    def may_crash(self) -> None:
        if self.random.random() < self.crashes:
            raise Crash

    def between(self) -> None:
        """Let another run, if one is waiting, go in between two calls of this one."""
        other, self.meanwhile = self.meanwhile, None
        if other is not None:
            other()

    def rotate(self, **asked: bool) -> bool:
        """Tell whether a run came to its end."""
        handler = RotateSigningKeysHandler(uow=Uow(self), secret=self, clock=self.clock)
        try:
            handler(RotateSigningKeys(**asked))
        except (Crash, StaleAggregate):
            return False
        return True

    # --- the secret, as Secrets Manager has it ---

    def current(self) -> PublicHalf:
        self.may_crash()
        self.between()
        return half(self.labels["current"])

    def previous(self) -> PublicHalf | None:
        return self._labelled("previous")

    def pending(self) -> PublicHalf | None:
        found = self._labelled("pending")
        return None if found == half(self.labels["current"]) else found

    def draw(self) -> PublicHalf:
        self.may_crash()
        self.versions.append(f"v{len(self.versions)}")
        self.labels["pending"] = self.versions[-1]
        self.may_crash()
        return half(self.versions[-1])

    def sign_with(self, version_id: str, *, instead_of: str) -> None:
        self.may_crash()
        if self.labels["current"] != instead_of:
            raise Crash
        self.labels |= {"current": version_id, "previous": instead_of}
        self.may_crash()
        self.labels.pop("pending", None)

    def discard_pending(self) -> None:
        self.labels.pop("pending", None)

    def discard_previous(self) -> None:
        self.may_crash()
        self.labels.pop("previous", None)

    def _labelled(self, label: str) -> PublicHalf | None:
        return half(self.labels[label]) if label in self.labels else None


def half(version: str) -> PublicHalf:
    return PublicHalf(version_id=version, kid=f"kid of {version}", x=version)


class Uow:
    """The table: what is saved is committed if nobody else has been faster."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._staged: KeyRing | None = None

    def __getattr__(self, name: str) -> Any:
        return self  # of all repositories there is this one

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def load(self) -> KeyRing:
        return self._world.ring

    def save(self, ring: KeyRing) -> None:
        self._staged = ring

    def commit(self, _: object = None) -> None:
        self._world.may_crash()
        assert self._staged is not None
        if self._staged.version != self._world.ring.version:
            raise StaleAggregate
        self._world.ring = replace(self._staged, version=self._staged.version + 1)
        self._world.may_crash()


@dataclass
class Kept:
    """A copy that is good for a time."""

    read: Callable[[], Any]
    lasts: timedelta
    value: Any = None
    until: datetime | None = None

    def get(self, now: datetime) -> Any:
        if self.until is None or now >= self.until:
            self.value, self.until = self.read(), now + self.lasts
        return self.value


def play(seed: int, ring: KeyRing) -> None:
    """Play one story; `AssertionError` when a key is known that should not be, or the reverse."""
    world = World(Random(seed), ring)
    assert world.rotate()
    random, clock = world.random, world.clock

    def published() -> set[str]:
        return {key.kid for key in world.ring.keys}

    def caches() -> tuple[list[Kept], list[Kept]]:
        """Log-ins keep the secret; the distribution keeps the keys, and verifiers its copy."""
        signers = [
            Kept(lambda: half(world.labels["current"]).kid, timedelta(seconds=KEEP_SECONDS))
            for _ in range(2)
        ]
        edge = Kept(published, CACHED)
        outside = [Kept(lambda: edge.get(clock.now()), CACHED) for _ in range(3)]
        return signers, outside

    signers, outside = caches()
    tokens: list[tuple[str, datetime]] = []
    for _ in range(STEPS):
        clock.advance(timedelta(seconds=random.choice((20, 100, 290, 310, 900))))
        world.crashes = random.choice((0.0, 0.0, 0.3))
        if random.random() < 0.2:
            world.meanwhile = lambda: world.rotate(start=random.random() < 0.5)
        world.rotate(start=random.random() < 0.3)
        if random.random() < 0.02:
            leaked = {half(version).kid for version in world.versions}
            world.crashes = 0.3
            while not world.rotate(leaked=True):
                leaked |= {half(version).kid for version in world.versions}
            assert not published() & leaked, "a leaked key is published still"
            tokens, (signers, outside) = [], caches()
        now = clock.now()
        world.crashes = 0.0
        tokens = [(kid, ends) for kid, ends in tokens if ends > now]
        tokens += [(signer.get(now), now + TOKEN) for signer in random.sample(signers, 1)]
        for kid, _ends in tokens:
            assert kid in published(), f"{kid} is known to nobody who asks now"
            for verifier in random.sample(outside, 2):
                assert kid in verifier.get(now), f"{kid} is not known to who keeps the keys"


def play_all(planted: type[KeyRing]) -> None:
    for seed in range(SEEDS):
        play(seed, planted())


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_good_token_is_known_to_everybody_all_along(seed: int) -> None:
    play(seed, KeyRing())


class Hasty(KeyRing):
    """Signs with what nobody has seen yet."""

    def may_sign(self, now: datetime) -> bool:
        return self.announced is not None


class Forgetful(KeyRing):
    """Drops a key while its tokens are good."""

    def forget(self, now: datetime) -> KeyRing:
        return replace(self, keys=tuple(key for key in self.keys if key.retired_at is None))


class Trusting(KeyRing):
    """Keeps what has leaked."""

    def start_anew(self, key: PublicKey, now: datetime) -> KeyRing:
        return self.sign_with(key, now)


class Unpublished(KeyRing):
    """Announces to nobody."""

    def announce(self, key: PublicKey) -> KeyRing:
        return super().announce(replace(key, kid="another"))


@pytest.mark.parametrize(
    ("planted", "says"),
    [
        (Hasty, "not known to who keeps"),
        (Forgetful, "known to"),
        (Trusting, "published still"),
        (Unpublished, "known to"),
    ],
)
def test_a_planted_fault_is_found(planted: type[KeyRing], says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        play_all(planted)
