"""What the catalog's use cases and queries need from outside."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from shared.catalog.domain.details import ProductDetails
from shared.catalog.domain.product import Product
from shared.kernel.paging import Page, PageRequest
from shared.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from shared.catalog.domain.rule import Subject
    from shared.catalog.domain.rule_book import RuleBook
    from shared.catalog.domain.rule_details import RuleDetails
    from shared.kernel.specification import Specification


class ProductRepository(Protocol):
    """Keeps products."""

    def get(self, aggregate_id: str, /) -> Product:
        """Return the product, read consistently, or raise `ProductNotFound`."""
        ...

    def save(self, aggregate: Product, /) -> None:
        """Have the unit of work commit it; the commit raises `MnemonicTaken` when it is."""
        ...


class RuleBookRepository(Protocol):
    """Keeps the business rules."""

    def of(self, subject: "Subject", /) -> "RuleBook":
        """Return the book about *subject*, read consistently; empty before its first rule."""
        ...

    def save(self, aggregate: "RuleBook", /) -> None:
        """Have the unit of work commit it, and what changed in the list of rules."""
        ...


class CatalogUnitOfWork(UnitOfWork, Protocol):
    """The unit of work over products and the rules about them."""

    @property
    def products(self) -> ProductRepository:
        """The products."""
        ...

    @property
    def rule_books(self) -> RuleBookRepository:
        """The rule books."""
        ...

    def product_rules(self) -> "RuleBook":
        """Return the rules about products, read consistently."""
        ...

    def product_and_rules(self, product_id: str, /) -> "tuple[Product, RuleBook]":
        """Return the product and the rules about products, in one consistent round trip.

        Raises `ProductNotFound`.
        """
        ...


class RuleListReader(Protocol):
    """Reads the lists of business rules, ended ones too."""

    def page(
        self, asked: PageRequest, *, subject: "Subject", descending: bool, reader_id: str
    ) -> "Page[RuleDetails]":
        """Return one page by when rules were added; its cursors are good for this reader."""
        ...


class Audience(StrEnum):
    """Who a list is for; each has its own list, so that a page is one read for either."""

    PUBLIC = "public"
    ALL = "all"


class ProductOrder(StrEnum):
    """The orders that the table and its indexes hold; each is served both ways."""

    CREATED_AT = "created_at,id"
    MNEMONIC = "mnemonic"
    PRICE = "price,mnemonic"
    """Asked for within one currency: prices of several have no order."""


class ProductReader(Protocol):
    """Reads products for showing them."""

    def find(self, product_id: str) -> ProductDetails | None:
        """Return the product as it is now, or ``None``."""
        ...


class ProductListReader(Protocol):
    """Reads the lists of products."""

    def page(
        self,
        asked: PageRequest,
        *,
        audience: Audience,
        order: ProductOrder,
        descending: bool,
        reader_id: str | None,
        where: "Specification[Any] | None" = None,
    ) -> Page[ProductDetails]:
        """Return one page; its cursors are good for this list, order and reader alone.

        Only products that satisfy *where* are shown, and fewer than asked for where they are rare
        (see `Page`).
        """
        ...

    def total(self, audience: Audience) -> int:
        """Return how many products the audience's list has."""
        ...
