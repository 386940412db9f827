"""The lists of products: every order, both directions, each audience its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from shared.catalog.adapters.product_reader import DynamoProductListReader, DynamoProductReader
from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
from shared.catalog.domain.details import ProductDetails
from shared.catalog.domain.product import Product
from shared.catalog.ports import Audience, ProductOrder
from shared.kernel.money import Money
from shared.kernel.paging import PageRequest
from shared.platform.dynamodb.cursors import InvalidCursor
from tests.support.aws_calls import counted_calls
from tests.unit.catalog.fakes import GBP, NOW, a_product
from tools.lab.support.tables import Table

Save = Callable[..., None]
SECRET = {2, 5}


def products() -> Iterator[Product]:
    """Seven products: made one minute apart, named against that order, two confidential."""
    for number in range(7):
        yield a_product(
            f"p-{number}",
            mnemonic=f"M{9 - number}",
            is_confidential=number in SECRET,
            at=NOW + timedelta(minutes=number),
        )


@dataclass
class Shelf:
    """One list, read page by page."""

    lists: DynamoProductListReader
    audience: Audience = Audience.ALL
    order: ProductOrder = ProductOrder.CREATED_AT
    descending: bool = False
    reader_id: str | None = None

    def page(
        self, cursor: str | None = None, *, limit: int = 3
    ) -> tuple[list[str], str | None, str | None]:
        found = self.lists.page(
            PageRequest(limit=limit, cursor=cursor),
            audience=self.audience,
            order=self.order,
            descending=self.descending,
            reader_id=self.reader_id,
        )
        return [item.id for item in found.items], found.next_cursor, found.prev_cursor

    def forward(self) -> list[list[str]]:
        pages, cursor = [], None
        while True:
            ids, cursor, _ = self.page(cursor)
            pages.append(ids)
            if cursor is None:
                return pages


@pytest.mark.row("PAG-01")
@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("order", ProductOrder)
@pytest.mark.parametrize("descending", [False, True])
def test_every_list_in_every_order(
    save: Save,
    lists: DynamoProductListReader,
    audience: Audience,
    order: ProductOrder,
    descending: bool,
) -> None:
    save(*products())
    shelf = Shelf(lists, audience=audience, order=order, descending=descending)
    expected = [f"p-{n}" for n in range(7) if audience is Audience.ALL or n not in SECRET]
    if (order in (ProductOrder.MNEMONIC, ProductOrder.PRICE)) is not descending:
        expected.reverse()  # they cost the same, and come by mnemonic then
    assert [id_ for page in shelf.forward() for id_ in page] == expected
    assert lists.total(audience) == len(expected)


@pytest.mark.row("PAG-01")
def test_there_and_back(save: Save, lists: DynamoProductListReader) -> None:
    save(*products())
    shelf = Shelf(lists)
    first, after_first, before_first = shelf.page()
    second, _, before_second = shelf.page(after_first)
    assert (first, second, before_first) == (["p-0", "p-1", "p-2"], ["p-3", "p-4", "p-5"], None)
    assert shelf.page(before_second)[0] == first


@pytest.mark.row("PAG-01", "PAG-04")
@pytest.mark.parametrize("descending", [False, True])
def test_by_price_and_back_with_ties_while_prices_change(
    table: Table, save: Save, lists: DynamoProductListReader, descending: bool
) -> None:
    prices = [(9, "EUR"), (100, "GBP"), (100, "GBP"), (100, "GBP"), (20, "GBP"), (1_000, "GBP")]
    for number, (amount, currency) in enumerate(prices):
        mnemonic = f"M{number}"
        save(a_product(f"p-{number}", mnemonic=mnemonic, price=amount, currency=currency))
    shelf = Shelf(lists, order=ProductOrder.PRICE, descending=descending)
    expected = ["p-0", "p-4", "p-1", "p-2", "p-3", "p-5"]
    if descending:
        expected.reverse()
    pages, cursor = [], None
    while True:
        ids, cursor, back = shelf.page(cursor, limit=2)
        pages.append(ids)
        if cursor is None:
            break
    assert [id_ for page in pages for id_ in page] == expected
    # Meanwhile the product that comes first is repriced to the far end: nobody else moves.
    with DynamoCatalogUnitOfWork(table.client, table.name) as uow:
        product = uow.products.get(expected[0])
        far = Money(1, "AUD") if descending else Money(5_000, GBP)
        product.change(at=NOW, price=far, any_price=True)
        uow.products.save(product)
        uow.commit()
    ids, _, back = shelf.page(back, limit=2)
    assert ids == expected[2:4]
    assert shelf.page(back, limit=2)[0] == expected[1:2]
    assert [*shelf.forward()][-1][-1] == expected[0]


@pytest.mark.row("PAG-01")
def test_a_page_is_one_query_and_a_total_one_read(
    save: Save, lists: DynamoProductListReader
) -> None:
    save(*products())
    for order in ProductOrder:
        with counted_calls() as calls:
            Shelf(lists, audience=Audience.PUBLIC, order=order).page()
        assert calls.dynamodb == {"Query": 1}
    with counted_calls() as calls:
        lists.total(Audience.PUBLIC)
    assert calls.dynamodb == {"BatchGetItem": 1}


@pytest.mark.row("PAG-03")
def test_a_cursor_is_good_for_its_list_alone(save: Save, lists: DynamoProductListReader) -> None:
    save(*products())
    _, cursor, _ = Shelf(lists).page()
    others = [
        Shelf(lists, audience=Audience.PUBLIC),
        Shelf(lists, order=ProductOrder.MNEMONIC),
        Shelf(lists, order=ProductOrder.PRICE),
        Shelf(lists, descending=True),
        Shelf(lists, reader_id="u-1"),
    ]
    for other in others:
        with pytest.raises(InvalidCursor):
            other.page(cursor)
    assert Shelf(lists).page(cursor)[0] == ["p-3", "p-4", "p-5"]


def test_the_lists_follow_every_change(
    table: Table, save: Save, lists: DynamoProductListReader
) -> None:
    save(*products())
    public = Shelf(lists, audience=Audience.PUBLIC)

    def change(*steps: bool) -> None:
        with DynamoCatalogUnitOfWork(table.client, table.name) as uow:
            product = uow.products.get("p-2")
            for is_confidential in steps:
                product.change(at=NOW, is_confidential=is_confidential, may_publish=True)
            product.change(at=NOW, price=Money(1_100, GBP))
            uow.products.save(product)
            uow.commit()

    def shown() -> bool:
        return "p-2" in public.page(limit=10)[0]

    assert not shown()
    for steps, expected, total in [
        ((False,), True, 6),
        ((), True, 6),
        ((True, False), True, 6),
        ((True,), False, 5),
        ((False, True), False, 5),
    ]:
        change(*steps)
        assert (shown(), lists.total(Audience.PUBLIC)) == (expected, total)
        assert lists.total(Audience.ALL) == 7


def test_a_list_shows_what_the_product_shows(
    table: Table, save: Save, lists: DynamoProductListReader
) -> None:
    product = a_product()
    product.change(at=NOW, overview="New.")
    save(product)
    page = lists.page(
        PageRequest(limit=1),
        audience=Audience.PUBLIC,
        order=ProductOrder.MNEMONIC,
        descending=False,
        reader_id=None,
    )
    reader = DynamoProductReader(table.client, table.name)
    assert page.items == (reader.find("p-1"),) == (ProductDetails.of(product),)
    assert reader.find("p-0") is None
