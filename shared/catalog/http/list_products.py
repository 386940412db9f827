"""Lists of products over HTTP: which products, in which order, and which page of them."""

from typing import Annotated

from fastapi import Depends, Query

from shared.catalog.domain.filters import ProductFilter
from shared.catalog.domain.labels import MAX_LABEL
from shared.catalog.http.parameters import LABEL_FORM, MNEMONIC_FORM
from shared.catalog.ports import ProductOrder
from shared.catalog.queries.list_products import ListProducts
from shared.kernel.money import MAX_AMOUNT
from shared.kernel.paging import PageRequest
from shared.platform.access.permissions import Principal
from shared.platform.http.pagination import Sort, leafed, only_by_cursor
from shared.platform.validation.currency import CurrencyCode
from shared.platform.validation.strict import WHOLE_NUMBER

_Currency = Annotated[CurrencyCode | None, Query(examples=["GBP"])]
_Label = Annotated[
    str | None, Query(pattern=LABEL_FORM, max_length=MAX_LABEL, examples=["kitchen"])
]
_Amount = Annotated[
    int | None, WHOLE_NUMBER, Query(ge=0, le=MAX_AMOUNT, description="In minor units")
]


async def _wanted_products(  # one for each query parameter
    category: _Label = None,
    tag: _Label = None,
    mnemonic: Annotated[
        str | None, Query(pattern=MNEMONIC_FORM, description="How it starts")
    ] = None,
    currency: _Currency = None,
    min_price: _Amount = None,
    max_price: _Amount = None,
) -> ProductFilter:
    return ProductFilter(
        category=category,
        tag=tag,
        mnemonic=mnemonic,
        currency=currency,
        least=min_price,
        most=max_price,
    )


async def _wanted_currency(currency: _Currency = None) -> ProductFilter:
    return ProductFilter(currency=currency)


ProductsPage = Annotated[PageRequest, leafed(*ProductOrder)]
"""Which page of products, and in which order."""
WantedProducts = Annotated[ProductFilter, Depends(_wanted_products)]
"""Which products; everything that version 2 can tell apart."""
WantedCurrency = Annotated[ProductFilter, Depends(_wanted_currency)]
"""Which products: in version 1 those of a currency, or all."""


def list_query(
    page: PageRequest,
    user: Principal | None,
    *,
    confidential_too: bool,
    wanted: ProductFilter,
) -> ListProducts:
    """Return the query; `InvalidSortField` names what a list can be sorted by.

    `ValidationFailed` for a total of what nobody counts, and for prices of several currencies in
    one order: they compare within one.
    """
    where = wanted.specification()
    if where is not None:
        only_by_cursor(page, because="Filtered products are not counted")
    sort = Sort.parse(page.sort, allowed=tuple(ProductOrder), default="-created_at")
    if sort.field == ProductOrder.PRICE:
        wanted.check_one_currency()
    return ListProducts(
        page=page,
        order=ProductOrder(sort.field),
        descending=sort.descending,
        confidential_too=confidential_too,
        reader_id=user.id if user else None,
        where=where,
    )
