"""Two readings of the rules: the product's, by which the world delivers, and the checks' own."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.platform.events.patterns import matches
from tests.unit.platform.events.test_event_patterns import DOCUMENTED, FIELDS, PATTERNS, VALUES
from tools.lab.simulation.checks import rules
from tools.lab.simulation.checks.rules import lets_through
from tools.lab.simulation.world.templates import deployed
from tools.lab.support.bus_events import detail

pytestmark = pytest.mark.row("EVT-03")

EC2 = {
    "source": "aws.ec2",
    "detail-type": "EC2 Instance State-change Notification",
    "time": "2017-10-02T18:43:48Z",
    "region": "eu-central-1",
    "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-b188560f", "arn:aws:s3:::other"],
    "detail": {"state": "terminated", "c-count": 5, "x-limit": 301.8, "eventVersion": ""},
}
"""The event that the user guide's examples are about, more or less."""
GUIDE: list[tuple[dict[str, Any], bool]] = [
    ({"source": ["aws.ec2"]}, True),
    ({"source": ["aws.ec2"], "detail": {"state": ["terminated"]}}, True),
    ({"source": ["aws.ec2"], "detail": {"state": ["running"]}}, False),
    ({"source": ["aws.s3", "aws.ec2"]}, True),
    ({"time": [{"prefix": "2017-10-02"}]}, True),
    ({"time": [{"prefix": "2018"}]}, False),
    ({"region": [{"anything-but": {"prefix": "us-"}}]}, True),
    ({"region": [{"anything-but": {"prefix": "eu-"}}]}, False),
    ({"resources": [{"suffix": "i-b188560f"}]}, True),
    ({"resources": ["arn:aws:s3:::other", "arn:aws:s3:::none"]}, True),
    ({"resources": ["arn:aws:s3:::none"]}, False),
    ({"detail": {"c-count": [{"numeric": [">", 0, "<=", 5]}]}}, True),
    ({"detail": {"c-count": [{"numeric": ["<", 5]}]}}, False),
    ({"detail": {"x-limit": [{"numeric": ["=", 3.018e2]}]}}, True),
    ({"detail": {"eventVersion": [""]}}, True),
    ({"detail": {"state": [{"exists": True}]}}, True),
    ({"detail": {"reason": [{"exists": False}]}}, True),
    ({"detail": {"reason": [{"anything-but": "x"}]}}, False),
    ({"detail": {"$or": [{"c-count": [{"numeric": [">", 9]}]}, {"x-limit": [301.8]}]}}, True),
    ({"detail": {"$or": [{"c-count": [9]}, {"x-limit": [9]}]}}, False),
    ({"detail": {"c-count": ["5"]}}, False),
]


@pytest.mark.parametrize(("pattern", "expected"), GUIDE)
def test_the_guides_examples(pattern: dict[str, Any], expected: bool) -> None:
    assert lets_through(pattern, EC2) is expected
    assert matches(pattern, EC2) is expected


@pytest.mark.parametrize(("pattern", "event", "expected"), DOCUMENTED)
def test_what_the_products_matcher_is_held_to(pattern: Any, event: Any, expected: bool) -> None:
    assert lets_through(pattern, event) is expected


def test_both_agree_on_whatever_is_asked() -> None:
    agreed = {True: 0, False: 0}

    @settings(max_examples=600)
    @given(PATTERNS, st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=3))
    def compare(pattern: Any, event: Any) -> None:
        product = matches(pattern, event)
        assert lets_through(pattern, event) == product
        agreed[product] += 1

    compare()
    assert min(agreed.values()) > 60, agreed


def test_an_operator_that_the_checks_do_not_know_is_an_error() -> None:
    with pytest.raises(KeyError, match="wildcard"):
        lets_through({"source": [{"wildcard": "aws.*"}]}, EC2)


def test_both_readings_of_the_templates_find_the_same_consumers() -> None:
    known = {each.consumer: each for each in deployed().subscriptions}
    assert known.keys() <= {consumer for consumer, _ in rules.rules()}
    types = {
        name: {source for each in known.values() for source in each.pattern["source"]}
        for each in known.values()
        for name in each.pattern["detail-type"]
    }
    assert len(types) >= 10
    for name, sources in types.items():
        item = {**detail(name, {}, aggregate_type="Order", aggregate_id="o-1"), "type": name}
        sent = [{"source": s, "detail-type": name, "detail": item} for s in sources]
        heard = {who for who, each in known.items() if any(each.matches(one) for one in sent)}
        assert set(rules.consumers(item)) & known.keys() == heard
