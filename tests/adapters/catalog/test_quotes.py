"""What other contexts may ask."""

from collections.abc import Callable

import pytest

from shared.catalog.api import Quote, price_quotes
from shared.kernel.money import Money
from shared.platform.errors import ConfigurationError
from tests.support.aws_calls import counted_calls
from tests.support.tables import Table
from tests.unit.catalog.fakes import GBP, a_product

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
            product_id="p-1", mnemonic="TEAPOT", price=Money(1_000, GBP), is_confidential=False
        ),
        "p-2": Quote(
            product_id="p-2", mnemonic="SECRET", price=Money(5, GBP), is_confidential=True
        ),
    }
    with counted_calls() as calls:
        assert quotes.exists("p-2")
    assert calls.dynamodb == {"GetItem": 1}
    assert not quotes.exists("p-3")
    assert quotes.quote([]) == {}


@pytest.mark.row("OPS-01")
def test_a_function_that_asks_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CATALOG_TABLE_NAME", raising=False)
    with pytest.raises(ConfigurationError, match="CATALOG_TABLE_NAME"):
        price_quotes()
