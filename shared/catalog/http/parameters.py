"""What requests about products name and carry, and what the caller may see."""

from typing import Annotated

from pydantic import AfterValidator, Field

from shared.catalog.domain.errors import ProductNotFound
from shared.catalog.domain.labels import LABEL, MAX_LABEL, MAX_TAGS, distinct_tags
from shared.catalog.domain.product import MAX_OVERVIEW
from shared.kernel.ids import id_check
from shared.kernel.money import MAX_AMOUNT, Money
from shared.platform.access.permissions import Permission
from shared.platform.access.security import holds
from shared.platform.http.models import Body
from shared.platform.http.text import Text
from shared.platform.validation.currency import CurrencyCode
from shared.platform.validation.domain import by_domain
from shared.platform.validation.sentences import form

SeesConfidential = Annotated[bool, holds(Permission.PRODUCT_READ_CONFIDENTIAL, otherwise=404)]
"""Whether the caller may know of confidential products."""
ListsConfidential = Annotated[bool, holds(Permission.PRODUCT_READ_CONFIDENTIAL, otherwise=200)]
"""Whether confidential products are among those that the caller is shown."""
MayPublish = Annotated[bool, holds(Permission.PRODUCT_PUBLISH, otherwise=403)]
"""Whether the caller may change whether a product is confidential."""
SetsAnyPrice = Annotated[bool, holds(Permission.PRODUCT_ADMIN, otherwise=403)]
"""Whether the caller may move a price as far as they like."""

Overview = Annotated[Text, Field(max_length=MAX_OVERVIEW, examples=["A teapot for two."])]

LABEL_FORM = form(
    f"^(?:{LABEL.pattern})$",
    "Must be small letters and digits, its words joined by single hyphens.",
)
Label = Annotated[str, Field(pattern=LABEL_FORM, max_length=MAX_LABEL, examples=["kitchen"])]
Tags = Annotated[
    list[Label],
    Field(max_length=MAX_TAGS, examples=[["tea", "gift"]]),
    AfterValidator(by_domain(distinct_tags)),
]
MNEMONIC_FORM = form(
    r"^[A-Z0-9_]{1,50}$", "Must be 1 to 50 capital letters, digits and underscores."
)


class PriceBody(Body):
    """An amount in minor units (cents) of an ISO 4217 currency."""

    amount: int = Field(ge=0, le=MAX_AMOUNT, examples=[1295])
    currency: CurrencyCode

    def to_money(self) -> Money:
        """Return the amount; `ValidationFailed` for an unknown currency."""
        return Money(self.amount, self.currency)


checked_id = id_check(ProductNotFound)
"""An id of a product; `ProductNotFound` for what cannot be one."""
