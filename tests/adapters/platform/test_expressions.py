"""A specification asked of DynamoDB and asked in memory has one answer."""

import random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.kernel.specification import Attribute, Comparison, Specification, all_of, any_of
from shared.platform.dynamodb.expressions import (
    Expression,
    Part,
    SortKey,
    Untranslatable,
    reach_of,
)
from shared.platform.dynamodb.reading import query
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("CQR-03")

COUNT = 150
KEY = SortKey("SK", (Part("currency"), Part("amount", "{:03d}".format, int), Part("name")))
TEXTS = ("A", "AB", "ABC", "B", "Z", "a", "é", "\U0001f600")
NUMBERS = (0, 1, 2, 10, 99, 999)


@pytest.fixture(scope="module")
def engine(dynamodb_local: str) -> str:
    """AWS's own parser and evaluator of expressions."""
    return "dynamodb_local"


def things() -> list[SimpleNamespace]:
    """Things with every attribute present, absent or of another type, the same in every run."""
    pick = random.Random(7).choice
    return [
        SimpleNamespace(
            currency=pick(("EUR", "GBP")),
            amount=pick(NUMBERS),
            name=f"{pick(TEXTS)}{number}",
            text=pick((*TEXTS, None, 1)),
            number=pick((*NUMBERS, -5, None, "1")),
            flag=pick((True, False, None)),
            tags=pick(((), ("A",), ("A", "AB", 1), None, "AB")),
            inner=pick(({"text": "A", "number": 1}, {"text": "B"}, None)),
        )
        for number in range(COUNT)
    ]


THINGS = things()


def item_of(thing: SimpleNamespace) -> dict[str, Any]:
    attributes = {name: value for name, value in vars(thing).items() if value is not None}
    place = f"{thing.currency}#{thing.amount:03d}#{thing.name}"
    return {"PK": "things", "SK": place, **attributes, "flag": thing.flag}  # None is stored NULL


@pytest.fixture
def filled(table: Table) -> Table:
    for thing in THINGS:
        table.put(item_of(thing))
    return table


texts = st.sampled_from(TEXTS)
numbers = st.sampled_from([*NUMBERS, -5, 3])
scalars = st.one_of(texts, numbers, st.booleans())
ordered = st.sampled_from(
    [Comparison.LESS, Comparison.AT_MOST, Comparison.GREATER, Comparison.AT_LEAST]
)
names = st.sampled_from(
    ["text", "number", "flag", "tags", "inner.text", "inner.number", "name", "currency", "amount"]
)
leaves = st.one_of(
    st.builds(
        Attribute, names, st.sampled_from([Comparison.EQUAL, Comparison.NOT_EQUAL]), scalars
    ),
    st.builds(Attribute, names, ordered, st.one_of(texts, numbers)),
    st.builds(Attribute, names, st.just(Comparison.IN), st.lists(scalars, max_size=4).map(tuple)),
    st.builds(Attribute, names, st.just(Comparison.BEGINS_WITH), texts),
    st.builds(Attribute, names, st.just(Comparison.CONTAINS), st.one_of(texts, numbers)),
)
specifications: st.SearchStrategy[Specification[Any]] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a, b: a | b, inner, inner),
        st.builds(lambda a: ~a, inner),
    ),
    max_leaves=6,
)
key_leaves = st.one_of(
    st.builds(Attribute, st.just("currency"), st.just(Comparison.EQUAL), st.just("GBP")),
    st.builds(Attribute, st.just("currency"), ordered, st.sampled_from(["EUR", "GBP"])),
    st.builds(Attribute, st.just("amount"), ordered, numbers.filter(lambda n: n >= 0)),
    st.builds(Attribute, st.just("amount"), st.just(Comparison.EQUAL), st.sampled_from(NUMBERS)),
    st.builds(Attribute, st.just("name"), ordered, texts),
    st.builds(Attribute, st.just("name"), st.just(Comparison.BEGINS_WITH), texts),
    leaves,
)
on_the_key = st.lists(key_leaves, min_size=1, max_size=4).map(all_of)


def asked(table: Table, where: Specification[Any], key: SortKey | None = None) -> set[str]:
    """Return the places of the items that DynamoDB finds."""
    reach = reach_of(where, key)
    if reach.is_empty:
        return set()
    condition, values = "PK = :pk", {":pk": "things"}
    names: dict[str, str] = {}
    request: dict[str, Any] = {}
    for bound, sign in ((reach.low, ">="), (reach.high, "<=")):
        if bound is not None and not (reach.low and reach.high):
            condition += f" AND SK {sign} :bound"
            values[":bound"] = bound
    if reach.low is not None and reach.high is not None:
        condition += " AND SK BETWEEN :low AND :high"
        values |= {":low": reach.low, ":high": reach.high}
    if reach.rest is not None:
        wanted = Expression.of(reach.rest)
        values, names = values | wanted.values, wanted.names
        request = {"FilterExpression": wanted.text, "ExpressionAttributeNames": names}
    found = query(
        table.client,
        table.name,
        KeyConditionExpression=condition,
        ExpressionAttributeValues=values,
        **request,
    )
    return {item["SK"] for item in found}


def in_memory(where: Specification[Any]) -> set[str]:
    return {item_of(thing)["SK"] for thing in THINGS if where.is_satisfied_by(thing)}


def test_every_comparison_and_combination_agrees(filled: Table) -> None:
    sizes: set[int] = set()

    @given(specifications)
    @example(Attribute("number", Comparison.IN, ()))
    @example(Attribute("number", Comparison.IN, tuple(range(-50, 120))))
    @example(~Attribute("flag", Comparison.EQUAL, value=True))
    @settings(max_examples=300, suppress_health_check=list(HealthCheck))
    def check(where: Specification[Any]) -> None:
        expected = in_memory(where)
        sizes.add(len(expected))
        assert asked(filled, where) == expected

    check()
    assert {0, COUNT} < sizes  # some met nothing, some everything, many were in between
    assert len(sizes) > 20


def test_what_the_sort_key_serves_agrees_too(filled: Table) -> None:
    served = 0

    @given(on_the_key)
    @settings(max_examples=300, suppress_health_check=list(HealthCheck))
    def check(where: Specification[Any]) -> None:
        nonlocal served
        reach = reach_of(where, KEY)
        served += reach.low is not None or reach.high is not None
        assert asked(filled, where, KEY) == in_memory(where)

    check()
    assert served > 50


@pytest.mark.parametrize(
    ("where", "reach"),
    [
        (("currency", "=", "GBP"), ("GBP#", "GBP$", 0)),
        (("currency", "=", "GBP", "amount", ">=", 5), ("GBP#005", "GBP$", 0)),
        (("currency", "=", "GBP", "amount", ">", 5, "amount", "<", 9), ("GBP#005$", "GBP#009", 0)),
        (
            ("currency", "=", "GBP", "amount", "=", 5, "name", "<", "B"),
            ("GBP#005#", "GBP#005#B", 1),
        ),
        (("amount", ">=", 5), (None, None, 1)),
        (("currency", "=", "GBP", "text", "=", "A"), ("GBP#", "GBP$", 1)),
        (("currency", "=", 5), (None, None, 1)),
    ],
)
def test_what_the_sort_key_serves_is_not_filtered(where: Any, reach: Any) -> None:
    parts = [where[start : start + 3] for start in range(0, len(where), 3)]
    wanted = all_of(Attribute(name, Comparison(test), value) for name, test, value in parts)
    found = reach_of(wanted, KEY)
    filtered = 0 if found.rest is None else Expression.of(found.rest).operators
    assert (found.low, found.high, filtered) == reach


def test_what_dynamodb_cannot_be_asked() -> None:
    class Odd(Specification[Any]):
        def is_satisfied_by(self, candidate: Any) -> bool:
            return True

    many = any_of(Attribute("number", Comparison.EQUAL, number) for number in range(200))
    assert many is not None
    for where in (Odd(), ~Odd(), many):
        with pytest.raises(Untranslatable):
            Expression.of(where)
