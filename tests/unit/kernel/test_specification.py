"""Specifications combine as the logic they stand for."""

from dataclasses import dataclass
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.specification import (
    And,
    Attribute,
    Comparison,
    Not,
    Or,
    Specification,
    all_of,
    any_of,
    conjuncts,
)

pytestmark = pytest.mark.row("CQR-03")


@dataclass(frozen=True)
class Product:
    mnemonic: str = "MUG_BLUE"
    price: int | None = 1200
    tags: tuple[str, ...] = ("kitchen",)


@dataclass(frozen=True)
class Cheaper(Specification[Product]):
    than: int

    def is_satisfied_by(self, candidate: Product) -> bool:
        return candidate.price is not None and candidate.price < self.than


leaves: st.SearchStrategy[Specification[Product]] = st.one_of(
    st.integers(0, 30).map(Cheaper),
    st.builds(
        Attribute,
        st.just("price"),
        st.sampled_from([Comparison.EQUAL, Comparison.NOT_EQUAL, Comparison.AT_LEAST]),
        st.integers(0, 30),
    ),
)
specifications = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(And, inner, inner), st.builds(Or, inner, inner), st.builds(Not, inner)
    ),
    max_leaves=6,
)
products = st.builds(Product, price=st.one_of(st.none(), st.integers(0, 30)))


@given(specifications, specifications, products)
def test_operators_are_the_logic(
    left: Specification[Product], right: Specification[Product], product: Product
) -> None:
    a, b = left.is_satisfied_by(product), right.is_satisfied_by(product)
    assert (left & right).is_satisfied_by(product) is (a and b)
    assert (left | right).is_satisfied_by(product) is (a or b)
    assert (~left).is_satisfied_by(product) is not a


@given(specifications, specifications, products)
def test_de_morgan(
    left: Specification[Product], right: Specification[Product], product: Product
) -> None:
    assert (~(left & right)).is_satisfied_by(product) is (~left | ~right).is_satisfied_by(product)
    assert (~(left | right)).is_satisfied_by(product) is (~left & ~right).is_satisfied_by(product)


@given(specifications, specifications, specifications, products)
def test_and_distributes_over_or(
    a: Specification[Product],
    b: Specification[Product],
    c: Specification[Product],
    product: Product,
) -> None:
    assert (a & (b | c)).is_satisfied_by(product) is (a & b | a & c).is_satisfied_by(product)


def test_a_specification_is_data_that_an_adapter_can_walk() -> None:
    cheap, kitchen = Cheaper(2000), Attribute("tags", Comparison.CONTAINS, "kitchen")
    composed = cheap & ~kitchen | kitchen
    assert composed == Or(And(cheap, Not(kitchen)), kitchen)
    assert attrgetter("left.right.operand.name")(composed) == "tags"
    assert hash(composed) == hash(Or(And(cheap, Not(kitchen)), kitchen))


@pytest.mark.parametrize(
    ("comparison", "value", "satisfied"),
    [
        (Comparison.EQUAL, 1200, True),
        (Comparison.EQUAL, 1201, False),
        (Comparison.NOT_EQUAL, 1201, True),
        (Comparison.NOT_EQUAL, 1200, False),
        (Comparison.LESS, 1201, True),
        (Comparison.LESS, 1200, False),
        (Comparison.AT_MOST, 1200, True),
        (Comparison.AT_MOST, 1199, False),
        (Comparison.GREATER, 1199, True),
        (Comparison.GREATER, 1200, False),
        (Comparison.AT_LEAST, 1200, True),
        (Comparison.AT_LEAST, 1201, False),
        (Comparison.IN, (1100, 1200), True),
        (Comparison.IN, (1100,), False),
    ],
)
def test_numbers_compare(comparison: Comparison, value: object, *, satisfied: bool) -> None:
    assert Attribute("price", comparison, value).is_satisfied_by(Product()) is satisfied


@pytest.mark.parametrize(
    ("name", "comparison", "value", "satisfied"),
    [
        ("mnemonic", Comparison.BEGINS_WITH, "MUG", True),
        ("mnemonic", Comparison.BEGINS_WITH, "CUP", False),
        ("mnemonic", Comparison.CONTAINS, "BLUE", True),
        ("mnemonic", Comparison.CONTAINS, "RED", False),
        ("tags", Comparison.CONTAINS, "kitchen", True),
        ("tags", Comparison.CONTAINS, "garden", False),
    ],
)
def test_texts_and_lists_compare(
    name: str, comparison: Comparison, value: str, *, satisfied: bool
) -> None:
    assert Attribute(name, comparison, value).is_satisfied_by(Product()) is satisfied


VALUES = {Comparison.IN: (1, "a"), Comparison.BEGINS_WITH: "a"}


@pytest.mark.parametrize("comparison", Comparison)
@pytest.mark.parametrize("present", [None, True, ("x",), {}], ids=str)
def test_what_is_absent_or_of_another_type_only_differs(
    comparison: Comparison, present: Any
) -> None:
    asked = Attribute("price", comparison, VALUES.get(comparison, 1))
    found = asked.is_satisfied_by(SimpleNamespace(price=present))
    assert found is (comparison is Comparison.NOT_EQUAL)


def test_a_misspelt_attribute_is_an_error() -> None:
    with pytest.raises(AttributeError):
        Attribute("prize", Comparison.EQUAL, 1).is_satisfied_by(Product())


@pytest.mark.parametrize("price", [{"amount": 5}, SimpleNamespace(amount=5)])
def test_a_dotted_name_leads_inside(price: Any) -> None:
    asked = Attribute("price.amount", Comparison.AT_MOST, 5)
    assert asked.is_satisfied_by(SimpleNamespace(price=price))
    assert not asked.is_satisfied_by(SimpleNamespace(price=None))


@pytest.mark.parametrize(
    ("comparison", "value"),
    [
        (Comparison.EQUAL, None),
        (Comparison.EQUAL, 1.5),
        (Comparison.EQUAL, (1,)),
        (Comparison.LESS, True),
        (Comparison.IN, "abc"),
        (Comparison.IN, (1, None)),
        (Comparison.BEGINS_WITH, ""),
        (Comparison.BEGINS_WITH, 1),
        (Comparison.CONTAINS, ""),
        (Comparison.CONTAINS, True),
    ],
)
def test_what_makes_no_sense_cannot_be_asked(comparison: Comparison, value: Any) -> None:
    with pytest.raises(ValueError, match="is no question"):
        Attribute("price", comparison, value)


def test_an_and_taken_apart_and_put_together() -> None:
    a, b, c = (Cheaper(price) for price in (1, 2, 3))
    assert conjuncts(a & (b & c)) == [a, b, c]
    assert conjuncts(a | b) == [a | b]
    assert all_of([a, b, c]) == a & b & c
    assert any_of([a, b, c]) == a | b | c
    assert (all_of([]), any_of([])) == (None, None)
