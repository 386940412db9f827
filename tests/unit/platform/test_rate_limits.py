"""Rules in words, and what becomes of requests when nothing can be counted."""

import time

import pytest

from shared.platform.rate_limits.limiter import REST_SECONDS, LimiterUnavailable, RateLimiter
from shared.platform.rate_limits.memory import InMemoryCounters
from shared.platform.rate_limits.networks import counted_as
from shared.platform.rate_limits.rules import RateLimit, rate_limit
from shared.platform.runtime.context import request_context
from shared.platform.runtime.deadline import at_most, deadline
from shared.platform.runtime.errors import (
    ConfigurationError,
    DatabaseError,
    DeadlineExceeded,
    NetworkError,
    RateLimitExceeded,
)
from tools.lab.support.lambda_context import LambdaContext


@pytest.mark.row("RLM-01")
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("5 reports an hour per user", RateLimit("reports", 5, 3_600, ("user",))),
        ("1 log-in a second per ip", RateLimit("log-in", 1, 1, ("ip",))),
        (
            "100 requests every 10 minutes per api_key",
            RateLimit("requests", 100, 600, ("api_key",)),
        ),
        (
            "2 large price changes a day per user",
            RateLimit("large-price-changes", 2, 86_400, ("user",)),
        ),
        ("9 calls a minute per user and ip", RateLimit("calls", 9, 60, ("user", "ip"))),
    ],
)
def test_a_rule_is_what_its_words_say(text: str, rule: RateLimit) -> None:
    assert rate_limit(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "per user",
        "reports an hour per user",
        "0 reports an hour per user",
        "-1 reports an hour per user",
        "5 reports an hour",
        "5 an hour per user",
        "5 reports hour per user",
        "5 reports an fortnight per user",
        "5 reports an hour per planet",
        "5 reports an hour per user and planet",
        "5 reports every 0 minutes per user",
    ],
)
def test_words_that_state_no_rule_are_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="no rate limit"):
        rate_limit(text)


def test_a_burst_is_at_least_one_window() -> None:
    with pytest.raises(ConfigurationError):
        rate_limit("5 reports an hour per user", burst=0.5)


@pytest.mark.row("RLM-01")
@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("/api/v1/orders", True),
        ("/api/v1/orders/1/cancel", True),
        ("/api/v1/orders/1/history", False),
        ("/api/v1/products", False),
    ],
)
def test_paths_that_count_and_paths_that_do_not(path: str, *, counts: bool) -> None:
    limit = rate_limit(
        "5 requests an hour per user", paths="/api/v1/orders*", excluded=("*/history",)
    )
    assert limit.applies_to(path) is counts
    assert rate_limit("5 requests an hour per user").applies_to(path)


@pytest.mark.row("RLM-01")
def test_a_rule_per_key_alone_is_one_for_programs() -> None:
    alone = rate_limit("5 changes an hour per api_key")
    both = rate_limit("5 changes an hour per api_key and user")
    assert [each.applies_to("/x", by_key=True) for each in (alone, both)] == [True, True]
    assert [each.applies_to("/x") for each in (alone, both)] == [False, True]


class Broken:
    """Counters out of reach, until they are back."""

    def __init__(self) -> None:
        self.asked = 0
        self.works = InMemoryCounters()
        self.down = True

    def add(self, key: str, count: int, *, below: int, expires_at: int) -> int | None:
        self.asked += 1
        if self.down:
            raise DatabaseError("DynamoDB: gone")
        return self.works.add(key, count, below=below, expires_at=expires_at)


@pytest.mark.row("RLM-04")
def test_counters_out_of_reach_are_left_alone_for_a_while_and_then_asked_again() -> None:
    now, counters = [0.0], Broken()
    limiter = RateLimiter(counters, monotonic=lambda: now[0])
    limits = (rate_limit("1 orders a day per user"),)
    for _ in range(10):
        assert limiter.decide(limits, {"user": "ada"}) == []
        now[0] += REST_SECONDS / 20
    assert counters.asked == 1  # nobody waits for what is known to be down
    counters.down = False
    assert limiter.decide(limits, {"user": "ada"}) == []
    now[0] += REST_SECONDS
    assert [limiter.decide(limits, {"user": "ada"})[0].allowed for _ in range(2)] == [True, False]


@pytest.mark.row("RLM-04")
def test_a_clock_that_is_set_back_prolongs_nothing() -> None:
    wall, now, counters = [1_000_000.0], [0.0], Broken()
    limiter = RateLimiter(counters, clock=lambda: wall[0], monotonic=lambda: now[0])
    limits = (rate_limit("1 log-ins a day per ip", fail_closed=True),)
    with pytest.raises(LimiterUnavailable):
        limiter.decide(limits, {"ip": "192.0.2.1"})
    counters.down = False
    wall[0] -= 3_000
    now[0] += REST_SECONDS
    assert limiter.decide(limits, {"ip": "192.0.2.1"})[0].allowed


@pytest.mark.row("RLM-04")
def test_each_rule_says_by_itself_what_happens_then() -> None:
    limiter = RateLimiter(Broken())
    assert limiter.decide((rate_limit("1 orders a day per user"),), {"user": "ada"}) == []
    with pytest.raises(LimiterUnavailable):
        limiter.decide((rate_limit("1 orders a day per user", fail_closed=True),), {"user": "ada"})


@pytest.mark.row("RLM-02")
def test_a_use_case_counts_whoever_sent_the_request() -> None:
    limiter = RateLimiter(InMemoryCounters())
    for user in ("ada", "bob"):
        with request_context(user_id=user, client_address="192.0.2.1"):
            limiter.check("1 reports an hour per user")
        with (
            request_context(user_id=user, client_address="192.0.2.1"),
            pytest.raises(RateLimitExceeded),
        ):
            limiter.check("1 reports an hour per user")
    with request_context(client_address="192.0.2.1"):
        limiter.check("1 reports an hour per ip")
    with request_context(client_address="192.0.2.1"), pytest.raises(RateLimitExceeded):
        limiter.check("1 reports an hour per ip")


@pytest.mark.row("RLM-02")
def test_a_request_that_is_tried_again_counts_once() -> None:
    limiter = RateLimiter(InMemoryCounters())
    for _ in range(2):
        with request_context(user_id="ada"):
            for _ in range(5):  # as after a lost race
                limiter.check("2 reports an hour per user")
            limiter.check("2 reports an hour per user", of="bob")  # is somebody else
    with request_context(user_id="ada"):
        for _ in range(2):
            with pytest.raises(RateLimitExceeded):
                limiter.check("2 reports an hour per user")


@pytest.mark.row("RLM-04")
def test_waiting_for_a_count_ends_long_before_the_request_does() -> None:
    with (
        deadline(LambdaContext(remaining_ms=3_000)),
        pytest.raises(NetworkError, match="counting took longer than"),
        at_most(0.05, "counting"),
    ):
        time.sleep(2)  # stands for a call that blocks; the alarm ends it


def test_a_deadline_that_comes_sooner_is_still_the_deadline() -> None:
    with (
        deadline(LambdaContext(remaining_ms=550)),
        pytest.raises(DeadlineExceeded),
        at_most(5, "counting"),
    ):
        time.sleep(2)


@pytest.mark.row("RLM-01")
@pytest.mark.parametrize(
    ("address", "ip", "network"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:DB8:1:2:ffff::", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("nonsense", "nonsense", "nonsense"),
        ("", "", ""),
    ],
)
def test_whoever_has_one_address_of_a_network_counts_as_the_network(address, ip, network):
    assert counted_as(address) == {"ip": ip, "network": network, "all": "everybody"}
