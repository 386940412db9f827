"""Which orders of a list can be asked for."""

import pytest

from shared.platform.http.pagination import InvalidSortField, Sort

ORDERS = ("created_at", "price,mnemonic")


@pytest.mark.row("PAG-01")
@pytest.mark.parametrize(
    ("asked", "served"),
    [
        (None, Sort("created_at", descending=True)),
        ("created_at", Sort("created_at", descending=False)),
        ("price,mnemonic", Sort("price,mnemonic", descending=False)),
        ("-price,-mnemonic", Sort("price,mnemonic", descending=True)),
        ("-price", Sort("price,mnemonic", descending=True)),
    ],
)
def test_an_index_serves_its_order_both_ways_and_its_first_fields(asked, served):
    assert Sort.parse(asked, allowed=ORDERS, default="-created_at") == served


@pytest.mark.row("PAG-03")
@pytest.mark.parametrize(
    "asked",
    ["mnemonic", "price,-mnemonic", "mnemonic,price", "price,", ",", "-", "--price", "PRICE"],
)
def test_what_no_index_serves_is_refused_with_the_orders_there_are(asked):
    with pytest.raises(InvalidSortField) as refused:
        Sort.parse(asked, allowed=ORDERS, default="-created_at")
    assert refused.value.details == {"allowed": list(ORDERS)}
    assert "created_at; price,mnemonic" in refused.value.message
