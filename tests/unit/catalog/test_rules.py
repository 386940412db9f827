"""Business rules: what they can say, when they hold, and who sees to them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.catalog.adapters.rule_evaluation import evaluate, mistakes
from shared.catalog.domain.errors import BusinessRuleNotFound, RulesContradict, TooManyRules
from shared.catalog.domain.facts import product_facts
from shared.catalog.domain.rule import FIELDS, MAX_PARAMETERS, Subject
from shared.catalog.domain.rule_book import MAX_RULES, RuleBook
from shared.catalog.domain.rule_sense import VALUES, senseless
from shared.catalog.use_cases.add_business_rule import AddBusinessRule, AddBusinessRuleHandler
from shared.catalog.use_cases.create_product import CreateProduct, CreateProductHandler
from shared.catalog.use_cases.end_business_rule import EndBusinessRule, EndBusinessRuleHandler
from shared.catalog.use_cases.update_product import UpdateProduct, UpdateProductHandler
from shared.kernel.broken_rules import BrokenRules
from shared.kernel.clock import FixedClock
from shared.kernel.errors import ValidationFailed
from shared.kernel.money import Money
from shared.platform.validation.kinds import KINDS
from tests.support.fakes.database import Database
from tests.unit.catalog.fakes import GBP, NOW, CatalogInMemory, a_product, a_rule

pytestmark = pytest.mark.row("VAL-03")
A_DAY = timedelta(days=1)


def wrong(**changed: Any) -> set[Any]:
    rule = a_rule(**changed)
    errors = list(rule.mistakes()) or mistakes(rule) or list(senseless(rule))
    return {error["loc"][0] for error in errors}


def test_every_kind_that_a_field_can_have_exists() -> None:
    kinds = {kind for fields in FIELDS.values() for names in fields.values() for kind in names}
    assert kinds <= set(KINDS)
    assert len(kinds) >= 6


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, set()),
        ({"field": "colour"}, {"field"}),
        ({"field": "total.amount"}, {"field", "currency"}),
        ({"field": "price.amount", "kind": "range", "currency": "GBP"}, set()),
        ({"field": "price.amount", "kind": "range"}, {"currency"}),
        ({"kind": "range"}, {"kind"}),
        ({"kind": "format"}, {"kind"}),
        ({"parameters": {"most": 8}}, {"parameters"}),
        ({"parameters": {"max": 8.5}}, {"parameters"}),
        ({"parameters": None}, {"parameters"}),
        ({"kind": "enum", "parameters": [["A"]]}, {"parameters"}),
        ({"kind": "enum", "parameters": ["A" * MAX_PARAMETERS]}, {"parameters"}),
        ({"kind": "pattern", "parameters": "TEA(?=POT)"}, {"parameters"}),
        ({"ends_at": NOW}, {"ends_at"}),
        ({"ends_at": NOW - A_DAY, "starts_at": NOW - 2 * A_DAY}, {"ends_at"}),
        ({"ends_at": NOW + A_DAY, "starts_at": NOW + 2 * A_DAY}, {"ends_at"}),
        ({"field": "colour", "kind": "x", "ends_at": NOW}, {"field", "ends_at"}),
        ({"field": "tags", "kind": "includes", "parameters": ""}, {"parameters"}),
        ({"field": "tags", "kind": "includes", "parameters": "tea"}, set()),
        ({"field": "price.amount", "kind": "multiple_of", "parameters": 0, "currency": "GBP"},
         {"parameters"}),
        ({"field": "price.amount", "kind": "multiple_of", "parameters": True, "currency": "GBP"},
         {"parameters"}),
    ],
)  # fmt: skip
def test_all_mistakes_of_a_rule_are_told(changed: dict[str, Any], fields: set[str]) -> None:
    assert wrong(**changed) == fields


def test_every_field_has_its_values() -> None:
    assert {field for fields in FIELDS.values() for field in fields} == set(VALUES)


@pytest.mark.parametrize(
    ("field", "kind", "parameters", "makes_sense"),
    [
        ("mnemonic", "length", {"min": 50}, True),
        ("mnemonic", "length", {"min": 60}, False),
        ("mnemonic", "length", {"max": 0}, False),
        ("mnemonic", "length", {"min": 10, "max": 5}, False),
        ("mnemonic", "length", {"min": 5, "max": 5}, True),
        ("overview", "length", {"min": 1_001}, False),
        ("overview", "length", {"max": 0}, True),
        ("tags", "length", {"min": 21}, False),
        ("category", "length", {"min": 41}, False),
        ("price.amount", "range", {"min": 10, "max": 5}, False),
        ("price.amount", "range", {"max": -1}, False),
        ("price.amount", "range", {"min": 2**53}, False),
        ("price.amount", "range", {"min": 5, "max": 10}, True),
        ("price.amount", "multiple_of", 2**53, False),
        ("price.amount", "enum", ["500"], False),
        ("price.amount", "enum", [True], False),
        ("price.amount", "enum", [500, -1], False),
        ("price.amount", "enum", [0, 500], True),
        ("price.currency", "enum", ["gbp"], False),
        ("price.currency", "enum", ["GBP", "XYZ"], False),
        ("price.currency", "enum", ["GBP", "JPY"], True),
        ("is_confidential", "enum", ["false"], False),
        ("is_confidential", "enum", [0], False),
        ("is_confidential", "enum", [False], True),
        ("mnemonic", "enum", ["tea"], False),
        ("category", "enum", ["Kitchen"], False),
        ("category", "enum", ["kitchen", "garden"], True),
        ("tags", "includes", "Not A Tag", False),
        ("tags", "includes", "tea", True),
    ],
)  # fmt: skip
def test_rules_that_nothing_can_meet_are_mistakes(
    field: str, kind: str, parameters: Any, *, makes_sense: bool
) -> None:
    currency = "GBP" if field.endswith(".amount") else None
    changed = {"field": field, "kind": kind, "parameters": parameters, "currency": currency}
    assert wrong(**changed) == (set() if makes_sense else {"parameters"})


def test_rules_against_what_they_are_narrowed_to_are_mistakes() -> None:
    euros = {"field": "price.currency", "kind": "enum", "parameters": ["EUR"]}
    assert wrong(**euros, currency="GBP") == {"parameters"}
    assert wrong(**euros, currency="EUR") == set()
    garden = {"field": "category", "kind": "enum", "parameters": ["garden"]}
    assert wrong(**garden, category="kitchen") == {"parameters"}


@pytest.mark.parametrize("quantity", [{"max": 0}, {"min": 10, "max": 5}])
def test_lines_of_no_pieces_are_no_lines(quantity: dict[str, int]) -> None:
    line = a_rule(Subject.ORDER_LINE, field="quantity", kind="range", parameters=quantity)
    assert [error["loc"] for error in senseless(line)] == [("parameters",)]


@pytest.mark.parametrize(
    ("changed", "days", "broken"),
    [
        ({}, 0, True),
        ({}, -1, False),
        ({"ends_at": NOW + A_DAY}, 0, True),
        ({"ends_at": NOW + A_DAY}, 1, False),
        ({"category": "tea"}, 0, False),
        ({"category": "uncategorised", "currency": "GBP"}, 0, True),
        ({"currency": "EUR"}, 0, False),
    ],
)
def test_when_and_for_what_a_rule_holds(
    changed: dict[str, Any], days: int, *, broken: bool
) -> None:
    book = RuleBook("product", rules=[a_rule(parameters={"max": 3}, **changed)])
    facts = product_facts(a_product(mnemonic="TEAPOT"))
    assert bool(book.broken_by(facts, at=NOW + days * A_DAY, evaluate=evaluate)) is broken


def test_a_book_is_full_with_rules_to_come_and_not_with_those_that_are_over() -> None:
    book = RuleBook.empty(Subject.PRODUCT)
    for number in range(MAX_RULES):
        book.add(a_rule(id=f"r-{number}", ends_at=NOW + A_DAY), at=NOW, evaluate=evaluate)
    with pytest.raises(TooManyRules) as refused:
        book.add(a_rule(id="one more"), at=NOW, evaluate=evaluate)
    assert refused.value.details == {"limit": MAX_RULES}
    book.add(a_rule(id="one more"), at=NOW + A_DAY, evaluate=evaluate)
    assert [rule.id for rule in book.rules] == ["one more"]


def within(*, least: int | None = None, most: int | None = None) -> dict[str, Any]:
    bounds = {"min": least, "max": most}
    given = {name: each for name, each in bounds.items() if each is not None}
    return {"kind": "range", "parameters": given}


def packs(size: int) -> dict[str, Any]:
    return {"kind": "multiple_of", "parameters": size}


def one_of(*values: int) -> dict[str, Any]:
    return {"kind": "enum", "parameters": [*values]}


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        # The least and the most that meet, and one beyond.
        (within(most=5), within(least=5), 5),
        (within(most=4), within(least=5), None),
        (packs(6), within(least=1, most=6), 6),
        (packs(6), within(least=1, most=5), None),
        (packs(6), within(most=5), None),
        (packs(7), within(least=8, most=13), None),
        (packs(7), packs(5), 35),
        (packs(10**9 + 7), packs(10**9 + 9), None),
        (one_of(1, 5), within(least=5), 5),
        (one_of(1, 4), within(least=5), None),
        (one_of(1, 2), one_of(2, 3), 2),
        (one_of(1, 2), one_of(3), None),
        (one_of(4, 6), packs(5), None),
    ],
)
def test_no_rule_forbids_all_that_another_allows(
    one: dict[str, Any], other: dict[str, Any], meets: int | None
) -> None:
    about = {"subject": Subject.ORDER_LINE, "field": "quantity"}
    first, second = a_rule(id="r-1", **about, **one), a_rule(id="r-2", **about, **other)
    for rule, there in ((first, second), (second, first)):
        book = RuleBook("order_line", rules=[there])
        if meets is None:
            with pytest.raises(RulesContradict) as refused:
                book.add(rule, at=NOW, evaluate=evaluate)
            assert refused.value.details == {"business_rule_id": there.id}
            assert book.rules == (there,)
        else:
            book.add(rule, at=NOW, evaluate=evaluate)
            assert [evaluate(each, meets) for each in book.rules] == [None, None]


@pytest.mark.parametrize(
    "apart",
    [
        {"field": "overview"},
        {"category": "tea"},
        {"starts_at": NOW + A_DAY},
        {"starts_at": NOW + 2 * A_DAY, "ends_at": NOW + 3 * A_DAY},
    ],
)
def test_rules_about_different_things_or_times_do_not_contradict(apart: dict[str, Any]) -> None:
    short = a_rule(parameters={"max": 3}, category="coffee", ends_at=NOW + A_DAY)
    long = a_rule(id="r-2", parameters={"min": 4})
    for rule, there in ((replace(long, **apart), short), (short, replace(long, **apart))):
        RuleBook("product", rules=[there]).add(rule, at=NOW, evaluate=evaluate)
    with pytest.raises(RulesContradict):
        RuleBook("product", rules=[short]).add(long, at=NOW, evaluate=evaluate)
    soon = replace(long, starts_at=NOW + A_DAY - timedelta(milliseconds=1))
    with pytest.raises(RulesContradict):
        RuleBook("product", rules=[short]).add(soon, at=NOW, evaluate=evaluate)


def test_a_list_that_has_to_include_something_has_an_entry() -> None:
    about = {"subject": Subject.PRODUCT, "field": "tags"}
    tagged = a_rule(kind="includes", parameters="new", **about)
    none = a_rule(id="r-2", kind="length", parameters={"max": 0}, **about)
    with pytest.raises(RulesContradict):
        RuleBook("product", rules=[tagged]).add(none, at=NOW, evaluate=evaluate)
    one = replace(none, parameters={"max": 1})
    RuleBook("product", rules=[tagged]).add(one, at=NOW, evaluate=evaluate)


def test_a_pattern_that_none_of_the_values_matches() -> None:
    about = {"subject": Subject.PRODUCT, "field": "mnemonic"}
    few = a_rule(kind="enum", parameters=["TEA", "GIN"], **about)
    for pattern, contradicts in (("TEA.*", False), ("COFFEE.*", True)):
        rule = a_rule(id="r-2", kind="pattern", parameters=pattern, **about)
        book = RuleBook("product", rules=[few])
        if contradicts:
            with pytest.raises(RulesContradict):
                book.add(rule, at=NOW, evaluate=evaluate)
        else:
            book.add(rule, at=NOW, evaluate=evaluate)


def test_a_rule_ends_once() -> None:
    book = RuleBook("product", rules=[a_rule(), a_rule(id="over", ends_at=NOW)], version=2)
    assert book.end("r-1", at=NOW + A_DAY).ends_at == NOW + A_DAY
    for rule_id in ("r-1", "over", "none"):
        with pytest.raises(BusinessRuleNotFound):
            book.end(rule_id, at=NOW + A_DAY)
    assert book.version == 3


class Shop:
    """The use cases over one database."""

    def __init__(self) -> None:
        self.database = Database()
        self.clock = FixedClock(NOW)
        uow = CatalogInMemory(self.database)
        ids = iter(f"id-{number}" for number in range(99))
        self.add = AddBusinessRuleHandler(
            uow=uow,
            clock=self.clock,
            new_id=lambda: next(ids),
            examine=mistakes,
            evaluate=evaluate,
        )
        self.end = EndBusinessRuleHandler(uow=uow, clock=self.clock)
        self.create = CreateProductHandler(
            uow=uow, clock=self.clock, new_id=lambda: next(ids), evaluate=evaluate
        )
        self.update = UpdateProductHandler(uow=uow, clock=self.clock, evaluate=evaluate)


NO_GIN = AddBusinessRule(
    subject=Subject.PRODUCT, field="mnemonic", kind="pattern", parameters="TEA.*"
)
CHEAP = replace(NO_GIN, field="price.amount", kind="range", parameters={"min": 100}, currency=GBP)
GIN = CreateProduct(mnemonic="GIN", overview="", is_confidential=False, price=Money(5, GBP))


def test_a_product_that_breaks_rules_is_not_created_and_hears_of_all() -> None:
    shop = Shop()
    rules = [shop.add(NO_GIN), shop.add(CHEAP)]
    with pytest.raises(BrokenRules) as refused:
        shop.create(GIN)
    assert [error["loc"] for error in refused.value.errors] == [("mnemonic",), ("price", "amount")]
    assert refused.value.details == {"rules": [rule.id for rule in rules]}
    for rule in rules:
        shop.end(EndBusinessRule(subject=Subject.PRODUCT, rule_id=rule.id))
    assert shop.create(GIN).version == 1
    assert shop.database.event_types == [
        *["business_rule.added"] * 2,
        *["business_rule.ended"] * 2,
        "product.created",
    ]


def test_a_change_has_to_meet_the_rules_about_what_it_changes() -> None:
    shop = Shop()
    product = shop.create(GIN).id
    shop.add(replace(CHEAP, starts_at=NOW + A_DAY))
    change = UpdateProduct(product_id=product, overview="Dry.")
    assert shop.update(change).version == 2
    shop.clock.advance(A_DAY)
    assert shop.update(change).version == 2, "nothing changes, so nothing is refused"
    assert shop.update(UpdateProduct(product_id=product, overview="Wet.")).version == 3
    with pytest.raises(BrokenRules):
        shop.update(UpdateProduct(product_id=product, price=Money(8, GBP), any_price=True))
    dear = UpdateProduct(product_id=product, price=Money(100, GBP), any_price=True)
    assert shop.update(dear).version == 4


def test_what_is_no_rule_is_not_added() -> None:
    shop = Shop()
    with pytest.raises(ValidationFailed) as refused:
        shop.add(replace(NO_GIN, parameters="("))
    assert refused.value.errors[0]["loc"] == ("parameters",)
    assert shop.database.event_types == []
