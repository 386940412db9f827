"""List products."""

from dataclasses import dataclass, replace
from typing import Any

from shared.catalog.domain.details import ProductDetails
from shared.catalog.ports import Audience, ProductListReader, ProductOrder
from shared.kernel.paging import Page, PageRequest
from shared.kernel.specification import Specification


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProducts:
    """Ask for a page of products; ``reader_id`` is who asks, ``None`` for an anonymous caller."""

    page: PageRequest
    order: ProductOrder
    descending: bool
    confidential_too: bool
    reader_id: str | None
    where: Specification[Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProductsHandler:
    """Lists products."""

    lists: ProductListReader

    def __call__(self, query: ListProducts, /) -> Page[ProductDetails]:
        """Return the page, with the total if it was asked for; `InvalidCursor`."""
        audience = Audience.ALL if query.confidential_too else Audience.PUBLIC
        page = self.lists.page(
            query.page,
            audience=audience,
            order=query.order,
            descending=query.descending,
            reader_id=query.reader_id,
            where=query.where,
        )
        if not query.page.include_total:
            return page
        return replace(page, total=self.lists.total(audience))
