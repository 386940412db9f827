"""What other contexts may ask."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.catalog.adapters.rule_evaluation import evaluate
from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
from shared.catalog.api import Quote, price_quotes
from shared.catalog.domain.rule import Subject
from shared.kernel.money import Money
from shared.platform.runtime.errors import ConfigurationError
from tests.support.aws_calls import counted_calls
from tests.unit.catalog.fakes import GBP, NOW, a_product, a_rule
from tools.lab.support.tables import Table

Save = Callable[..., None]


def test_quotes(table: Table, save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOG_TABLE_NAME", table.name)
    save(a_product("p-1"), a_product("p-2", mnemonic="SECRET", price=5, is_confidential=True))
    quotes = price_quotes()
    with counted_calls() as calls:
        found = quotes.quote(["p-1", "p-2", "p-3", "p-1"])
    assert calls.dynamodb == {"BatchGetItem": 1}
    assert found == {
        "p-1": Quote(
            product_id="p-1",
            mnemonic="TEAPOT",
            price=Money(1_000, GBP),
            is_confidential=False,
            version=1,
        ),
        "p-2": Quote(
            product_id="p-2",
            mnemonic="SECRET",
            price=Money(5, GBP),
            is_confidential=True,
            version=1,
        ),
    }
    with counted_calls() as calls:
        assert quotes.is_confidential("p-2")
    assert calls.dynamodb == {"GetItem": 1}
    assert quotes.is_confidential("p-1") is False
    assert quotes.is_confidential("p-3") is None
    assert quotes.quote([]) == {}


@pytest.mark.row("OPS-01")
def test_a_function_that_asks_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CATALOG_TABLE_NAME", raising=False)
    with pytest.raises(ConfigurationError, match="CATALOG_TABLE_NAME"):
        price_quotes()


@pytest.mark.row("VAL-03")
def test_rules_for_order_lines_come_with_the_quotes(
    table: Table, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATALOG_TABLE_NAME", table.name)
    save(a_product("p-1", price=500))
    rules = [
        a_rule(
            Subject.ORDER_LINE, id="r-1", field="quantity", kind="range", parameters={"max": 9}
        ),
        a_rule(Subject.ORDER_LINE, id="r-2", field="quantity", kind="multiple_of", parameters=6),
        a_rule(
            Subject.ORDER_LINE,
            id="r-3",
            field="total.amount",
            kind="range",
            parameters={"min": 1_000},
            currency=GBP,
        ),
        a_rule(Subject.ORDER_LINE, id="r-4", field="tags", kind="includes", parameters="tea"),
        a_rule(
            Subject.ORDER_LINE,
            id="r-5",
            field="quantity",
            kind="range",
            parameters={"min": 7},
            category="garden",
        ),
    ]
    for rule in rules:
        with DynamoCatalogUnitOfWork(table.client, table.name) as uow:
            book = uow.rule_books.of(Subject.ORDER_LINE)
            book.add(rule, at=NOW, evaluate=evaluate)
            uow.rule_books.save(book)
            uow.commit()
    with counted_calls() as calls:
        quote = price_quotes().quote(["p-1"])["p-1"]
    assert calls.dynamodb == {"BatchGetItem": 1}
    assert [each.rule_id for each in quote.broken_by(10, at=NOW)] == ["r-1", "r-2", "r-4"]
    assert [each.rule_id for each in quote.broken_by(1, at=NOW)] == ["r-2", "r-3", "r-4"]
    assert [each.message for each in quote.broken_by(6, at=NOW)] == ["Must include tea."]
    assert quote.broken_by(10, at=NOW - timedelta(seconds=1)) == []
