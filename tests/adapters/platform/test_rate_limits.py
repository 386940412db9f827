"""What rate limits promise, wherever they are counted: in memory, on moto, on DynamoDB Local."""

import threading
from dataclasses import dataclass, field
from typing import cast

import pytest

from shared.platform.rate_limits.dynamodb import DynamoCounters
from shared.platform.rate_limits.limiter import Counters, RateLimiter
from shared.platform.rate_limits.memory import InMemoryCounters
from shared.platform.rate_limits.rules import RateLimit, rate_limit
from shared.platform.runtime.errors import RateLimitExceeded
from tests.support.aws_calls import counted_calls
from tests.support.racing import race
from tests.support.tiers import DYNAMODB_LOCAL
from tools.lab.support.tables import Table

pytestmark = [pytest.mark.row("RLM-01"), pytest.mark.row("RLM-02")]

ADA, BOB = {"user": "ada", "ip": "192.0.2.1"}, {"user": "bob", "ip": "192.0.2.1"}


threads = pytest.mark.parametrize("scene", ["memory", DYNAMODB_LOCAL], indirect=True)
"""Moto does not show races."""


@dataclass
class Scene:
    """Counters, and warm functions that share them."""

    counters: Counters
    now: float = 1_767_225_600.0
    limiters: list[RateLimiter] = field(default_factory=list)

    def limiter(self, **known: int) -> RateLimiter:
        """Return the limiter of one more warm function."""
        return RateLimiter(self.counters, clock=lambda: self.now, **known)


@pytest.fixture(params=["memory", "moto", DYNAMODB_LOCAL])
def scene(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Scene:
    if request.param == "memory":
        scene = Scene(InMemoryCounters(clock=lambda: scene.now))
        return scene
    return Scene(request.getfixturevalue("counters_in_a_table"))


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The suite names the engine itself: memory is one of them."""
    name: str = request.node.callspec.params["scene"]
    return name


@pytest.fixture
def counters_in_a_table(table: Table) -> Counters:
    return DynamoCounters(table.client, table.name, patience=60)


def ask(limiter: RateLimiter, *limits: RateLimit, caller: dict[str, str] = ADA) -> bool:
    """Send one request; tell whether it passes."""
    return all(decision.allowed for decision in limiter.decide(limits, caller))


def test_the_quota_passes_and_the_next_is_refused(scene: Scene) -> None:
    limiter, limit = scene.limiter(), rate_limit("3 orders a minute per user")
    decisions = [limiter.decide((limit,), ADA)[0] for _ in range(4)]
    assert [decision.allowed for decision in decisions] == [True, True, True, False]
    assert [decision.remaining for decision in decisions] == [2, 1, 0, 0]
    assert {(decision.limit, decision.window) for decision in decisions} == {(3, 60)}
    assert 0 < decisions[0].reset <= 60


@threads
def test_fifty_callers_at_once_share_one_quota_exactly(scene: Scene) -> None:
    limit = rate_limit("20 orders an hour per user")
    limiters = [scene.limiter() for _ in range(50)]
    answers = race(50, lambda number: ask(limiters[number], limit))
    assert sorted(cast("list[bool]", answers)) == [False] * 30 + [True] * 20
    assert not ask(scene.limiter(), limit)


def test_the_next_window_starts_anew(scene: Scene) -> None:
    limiter, limit = scene.limiter(), rate_limit("1 orders a minute per user")
    reset = limiter.decide((limit,), ADA)[0].reset
    scene.now += reset - 1
    assert not ask(limiter, limit)
    scene.now += 1
    assert ask(limiter, limit)
    assert not ask(limiter, limit)


def test_windows_of_different_callers_end_at_different_times(scene: Scene) -> None:
    limiter, limit = scene.limiter(), rate_limit("9 orders an hour per user")
    resets = {limiter.decide((limit,), {"user": f"u{n}"})[0].reset for n in range(10)}
    assert len(resets) > 5


@pytest.mark.parametrize(
    ("per", "other", "together"),
    [
        ("user", {**ADA, "ip": "192.0.2.9"}, True),
        ("user", BOB, False),
        ("ip", BOB, True),
        ("ip", {**ADA, "ip": "192.0.2.9"}, False),
        ("api_key", {**BOB, "api_key": "k1"}, False),
        ("user and ip", {**ADA, "ip": "192.0.2.9"}, False),
        ("user and ip", BOB, False),
        ("user and ip", ADA, True),
    ],
)
def test_who_is_counted_together(
    scene: Scene, per: str, other: dict[str, str], *, together: bool
) -> None:
    limiter, limit = scene.limiter(), rate_limit(f"1 requests an hour per {per}")
    assert ask(limiter, limit)
    assert ask(limiter, limit, caller=other) is not together


def test_a_stranger_is_counted_by_the_address(scene: Scene) -> None:
    limiter, limit = scene.limiter(), rate_limit("1 requests an hour per user")
    assert ask(limiter, limit, caller={"ip": "192.0.2.1"})
    assert not ask(limiter, limit, caller={"ip": "192.0.2.1"})
    assert ask(limiter, limit, caller={"ip": "192.0.2.2"})
    assert ask(limiter, limit, caller=ADA)


def test_of_several_rules_the_strictest_answers(scene: Scene) -> None:
    limiter = scene.limiter()
    a_minute = rate_limit("2 quick requests a minute per user")
    an_hour = rate_limit("3 requests an hour per ip")
    assert [ask(limiter, a_minute, an_hour) for _ in range(3)] == [True, True, False]
    assert not ask(limiter, an_hour, caller=BOB)  # the refused request counted, too
    with pytest.raises(RateLimitExceeded) as refused:
        limiter.check("2 quick requests a minute per user", of="ada")
    assert refused.value.retry_after_seconds is not None
    assert refused.value.retry_after_seconds <= 60


def test_a_burst_spends_windows_at_once_and_the_average_stays(scene: Scene) -> None:
    limiter, limit = scene.limiter(), rate_limit("2 orders a minute per user", burst=2.5)
    assert [ask(limiter, limit) for _ in range(6)] == [True] * 5 + [False]
    (decision,) = limiter.decide((limit,), ADA)
    assert (decision.limit, decision.window) == (5, 150)


def test_rules_do_not_share_counters_and_functions_do(scene: Scene) -> None:
    one, other = scene.limiter(), scene.limiter()
    orders = rate_limit("1 orders an hour per user")
    assert ask(one, orders)
    assert not ask(other, orders)
    assert ask(other, rate_limit("1 reports an hour per user"))


def test_a_factor_multiplies_the_quota(scene: Scene) -> None:
    limiter, limit = scene.limiter(factor=3), rate_limit("1 orders an hour per user")
    assert [ask(limiter, limit) for _ in range(4)] == [True, True, True, False]


def test_a_use_case_states_its_limit_in_words(scene: Scene) -> None:
    limiter = scene.limiter()
    for _ in range(5):
        limiter.check("5 reports an hour per user", of="ada")
    with pytest.raises(RateLimitExceeded, match="Too many reports") as refused:
        limiter.check("5 reports an hour per user", of="ada")
    assert refused.value.public_details["violated_policies"] == ["reports"]
    limiter.check("5 reports an hour per user", of="bob")


def test_a_decision_is_at_most_one_write_and_a_known_refusal_none(scene: Scene) -> None:
    limiter, limit = scene.limiter(), rate_limit("3 orders an hour per user")
    with counted_calls() as calls:
        for _ in range(100):
            ask(limiter, limit)
    if isinstance(scene.counters, DynamoCounters):
        assert calls.dynamodb == {"UpdateItem": 3}
    stranger = scene.limiter()  # does not know yet
    with counted_calls() as calls:
        assert [ask(stranger, limit) for _ in range(10)] == [False] * 10
    if isinstance(scene.counters, DynamoCounters):
        assert calls.dynamodb == {"UpdateItem": 1}


@pytest.mark.parametrize("scene", ["memory"], indirect=True)  # the counting is the limiter's
@pytest.mark.parametrize(("quota", "writes"), [(1_000, 1_000), (20_000, 1_000), (2_500, 834)])
def test_no_window_costs_a_counter_more_than_a_thousand_writes(
    scene: Scene, quota: int, writes: int
) -> None:
    counting = Counting(scene.counters)
    limiter = RateLimiter(counting, clock=lambda: scene.now)
    limit = rate_limit(f"{quota} requests a minute per ip")
    passed = sum(ask(limiter, limit) for _ in range(quota + 50))
    assert (passed, counting.writes) == (quota, writes)


@dataclass
class Counting:
    """Counts the writes on their way."""

    counters: Counters
    writes: int = 0

    def add(self, key: str, count: int, *, below: int, expires_at: int) -> int | None:
        self.writes += 1
        return self.counters.add(key, count, below=below, expires_at=expires_at)


@threads
def test_leases_of_many_functions_never_exceed_the_quota(scene: Scene) -> None:
    limit = rate_limit("5000 requests an hour per ip")  # leases of five
    limiters = [scene.limiter() for _ in range(8)]
    answers = race(8, lambda number: sum(ask(limiters[number], limit) for _ in range(700)))
    assert sum(cast("list[int]", answers)) == 5_000


def test_a_sloppy_counter_is_noticed() -> None:
    """The race can fail: read, then write, lets too many pass."""
    limit = rate_limit("20 orders an hour per user")
    careless = Careless()
    answers = race(50, lambda _: ask(RateLimiter(careless), limit))
    assert sum(cast("list[bool]", answers)) > 20


class Careless:
    """Looks first and counts afterwards."""

    def __init__(self) -> None:
        self.counted = 0
        self.looked = 0
        self._all_have_looked = threading.Barrier(50, timeout=60)

    def add(self, key: str, count: int, *, below: int, expires_at: int) -> int | None:
        seen = self.counted
        self._all_have_looked.wait()
        if seen >= below:
            return None
        self.counted = seen + count
        return self.counted


@pytest.mark.parametrize("scene", ["moto", DYNAMODB_LOCAL], indirect=True)
def test_counters_are_removed_by_the_tables_ttl(scene: Scene, table: Table) -> None:
    limiter, limit = scene.limiter(), rate_limit("3 orders a minute per user")
    with counted_calls() as calls:
        (decision,) = limiter.decide((limit,), ADA)
    (item,) = table.items("RATE#")
    assert item["expires_at"] == scene.now + decision.reset + 60
    assert item["PK"].startswith("RATE#orders#user:ada#")
    if table.client.meta.endpoint_url.startswith("http://127."):  # moto counts no units
        assert calls.units == 1
