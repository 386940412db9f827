"""How a change of a product looks."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from pydantic import ConfigDict, field_validator

from shared.catalog.http.parameters import (
    MayPublish,
    Overview,
    PriceBody,
    SeesConfidential,
    SetsAnyPrice,
    checked_id,
)
from shared.catalog.use_cases.update_product import UpdateProduct
from shared.platform.http.models import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What the caller may do to products beside describing them."""

    confidential_too: bool
    may_publish: bool
    any_price: bool


async def _rights(
    confidential_too: SeesConfidential, may_publish: MayPublish, any_price: SetsAnyPrice
) -> Rights:
    return Rights(confidential_too=confidential_too, may_publish=may_publish, any_price=any_price)


UpdateRights = Annotated[Rights, Depends(_rights)]
"""The rights of who changes a product."""


def _without_null(schema: dict[str, Any]) -> None:
    for name, found in schema["properties"].items():
        given = next(option for option in found.pop("anyOf") if option != {"type": "null"})
        del found["default"]
        schema["properties"][name] = found | given


class UpdateProductBody(Body):
    """What to change of a product; a field that is left out stays, and ``null`` is refused."""

    model_config = ConfigDict(json_schema_extra=_without_null)

    overview: Overview | None = None
    is_confidential: bool | None = None
    price: PriceBody | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _not_null(cls, value: Any) -> Any:
        if value is None:
            msg = "null is no value for this field; leave the field out to keep it"
            raise ValueError(msg)
        return value

    def to_command(
        self, product_id: str, *, versions: frozenset[int] | None, rights: Rights
    ) -> UpdateProduct:
        """Return the command."""
        return UpdateProduct(
            product_id=checked_id(product_id),
            overview=self.overview,
            is_confidential=self.is_confidential,
            price=self.price.to_money() if self.price else None,
            versions=versions,
            any_price=rights.any_price,
            confidential_too=rights.confidential_too,
            may_publish=rights.may_publish,
        )
