"""Event patterns mean what EventBridge means by them; the emulator gives a second opinion."""

import json
import operator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.platform.events import patterns as event_patterns
from shared.platform.events.patterns import InvalidPattern, check, matches
from tests.support.sizes import size

pytestmark = pytest.mark.row("EVT-03")

FIELDS = ("a", "b", "c")
TEXTS = ("", "a", "ab", "ba", "1")
NUMBERS = (-1, 0, 1, 1.0, 1.5, 100_000, 100_001)
LEAVES = st.sampled_from((*TEXTS, *NUMBERS, True, False, None))
BOUNDS = st.sampled_from(NUMBERS)


def ranges() -> st.SearchStrategy[list[Any]]:
    two = st.tuples(BOUNDS, BOUNDS).filter(lambda pair: pair[0] < pair[1])
    return st.one_of(
        st.tuples(st.sampled_from((">", ">=", "<", "<=", "=")), BOUNDS).map(list),
        st.tuples(st.sampled_from((">", ">=")), st.sampled_from(("<", "<=")), two).map(
            lambda parts: [parts[0], parts[2][0], parts[1], parts[2][1]]
        ),
    )


AFFIXES = st.sampled_from(("prefix", "suffix"))
FILTERS = st.one_of(
    LEAVES,
    st.booleans().map(lambda wanted: {"exists": wanted}),
    st.tuples(AFFIXES, st.sampled_from(TEXTS)).map(lambda pair: dict([pair])),
    ranges().map(lambda operand: {"numeric": operand}),
    st.sampled_from(TEXTS[1:]).map(lambda text: {"anything-but": text}),
    st.lists(st.sampled_from(TEXTS), min_size=1).map(lambda texts: {"anything-but": texts}),
    st.lists(BOUNDS, min_size=1).map(lambda numbers: {"anything-but": numbers}),
    st.tuples(AFFIXES, st.sampled_from(TEXTS[1:])).map(lambda p: {"anything-but": dict([p])}),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3)
    ),
    max_leaves=6,
)
PATTERNS = st.recursive(
    st.dictionaries(
        st.sampled_from(FIELDS), st.lists(FILTERS, min_size=1, max_size=3), min_size=1, max_size=3
    ),
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from(FIELDS), inner, min_size=1, max_size=2),
        st.lists(inner, min_size=2, max_size=3).map(lambda each: {"$or": each}),
    ),
    max_leaves=3,
)


def emulator_matches(pattern: Any, detail: Any) -> bool | None:
    """Say what MiniStack says; `None` where it refuses the pattern."""
    from ministack.services import eventbridge  # noqa: PLC0415  # a second of imports

    event = {"Source": "tradewind.orders", "DetailType": "x", "Detail": json.dumps(detail)}
    text = json.dumps({"detail": pattern})
    if eventbridge._compiled_pattern(text) is None:
        return None
    return bool(eventbridge._matches_pattern(text, event))


EXAMPLES = size(500, full=5_000)


def test_it_agrees_with_the_emulators_matcher() -> None:
    """And both answers came up."""
    agreed = {True: 0, False: 0}

    @settings(max_examples=EXAMPLES)
    @given(PATTERNS, st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=3))
    def compare(pattern: Any, detail: Any) -> None:
        theirs = emulator_matches(pattern, detail)
        if theirs is not None:
            check({"detail": pattern})
            ours = matches({"detail": pattern}, {"source": "tradewind.orders", "detail": detail})
            assert ours == theirs
            agreed[ours] += 1

    compare()
    assert min(agreed.values()) > EXAMPLES // 10, agreed


DOCUMENTED = [
    # Each from the user guide's page on comparison operators or on arrays.
    ({"state": [{"anything-but": "initializing"}]}, {"state": "running"}, True),
    ({"state": [{"anything-but": "initializing"}]}, {"state": "initializing"}, False),
    ({"state": [{"anything-but": ["stopped", "overloaded"]}]}, {"state": "stopped"}, False),
    ({"x-limit": [{"anything-but": [100, 200, 300]}]}, {"x-limit": 400}, True),
    ({"state": [{"anything-but": {"prefix": "init"}}]}, {"state": "initializing"}, False),
    ({"file": [{"anything-but": {"suffix": ".txt"}}]}, {"file": "a.png"}, True),
    ({"file": [{"suffix": ".png"}]}, {"file": "b.png"}, True),
    ({"count": [{"numeric": [">", 0, "<=", 5]}]}, {"count": 5}, True),
    ({"count": [{"numeric": [">", 0, "<=", 5]}]}, {"count": 0}, False),
    ({"count": [{"numeric": ["<", 10]}]}, {"count": "5"}, False),
    ({"limit": [{"numeric": ["=", 3.018e2]}]}, {"limit": 301.8}, True),
    ({"state": [{"exists": True}]}, {"state": None}, True),
    ({"state": [{"exists": False}]}, {}, True),
    ({"state": [{"exists": True}]}, {"state": {"inner": 1}}, False),
    ({"name": [""]}, {"name": ""}, True),
    ({"name": [None]}, {"name": None}, True),
    ({"name": [None]}, {}, False),
    ({"ids": ["a", "b"]}, {"ids": ["x", "b"]}, True),
    ({"ids": ["a", "b"]}, {"ids": []}, False),
    ({"items": {"sku": ["mug"], "count": [2]}}, {"items": [{"sku": "mug", "count": 2}]}, True),
    (
        {"items": {"sku": ["mug"], "count": [2]}},
        {"items": [{"sku": "mug", "count": 1}, {"sku": "cup", "count": 2}]},
        False,
    ),
    ({"$or": [{"a": [1]}, {"b": [2]}]}, {"b": 2}, True),
    ({"$or": [{"a": [1]}, {"b": [2]}], "c": [3]}, {"a": 1}, False),
    ({"paid": [True]}, {"paid": 1}, False),
]


@pytest.mark.parametrize(("pattern", "event", "expected"), DOCUMENTED)
def test_documented_examples(pattern: Any, event: Any, expected: bool) -> None:
    assert matches(pattern, event) is expected
    assert emulator_matches(pattern, event) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        {},
        [],
        {"a": "b"},
        {"a": []},
        {"a": {}},
        {"a": [["b"]]},
        {"a": [{}]},
        {"a": [{"prefix": "x", "suffix": "y"}]},
        {"a": [{"prefix": 1}]},
        {"a": [{"exists": "yes"}]},
        {"a": [{"numeric": []}]},
        {"a": [{"numeric": [">", "1"]}]},
        {"a": [{"numeric": ["<", 5, ">", 1]}]},
        {"a": [{"numeric": [">", 5, "<", 1]}]},
        {"a": [{"anything-but": []}]},
        {"a": [{"anything-but": ["x", 1]}]},
        {"a": [{"anything-but": {"numeric": [">", 1]}}]},
        {"a": [{"cidr": "10.0.0.0/24"}]},
        {"a": [{"wildcard": "a*"}]},
        {"$or": [{"a": [1]}]},
    ],
)
def test_what_is_not_understood_is_refused(pattern: Any) -> None:
    with pytest.raises(InvalidPattern):
        check(pattern)


def test_a_wrong_matcher_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(event_patterns._COMPARE, ">", operator.ge)
    wrong = [case for case in DOCUMENTED if matches(case[0], case[1]) is not case[2]]
    assert len(wrong) == 1
