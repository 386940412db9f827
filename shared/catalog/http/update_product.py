"""How a change of a product looks."""

from typing import Any

from pydantic import ConfigDict, field_validator

from shared.catalog.http.parameters import Overview, PriceBody, checked_id
from shared.catalog.use_cases.update_product import UpdateProduct
from shared.platform.http.models import Body


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
        self, product_id: str, *, versions: frozenset[int] | None, any_price: bool
    ) -> UpdateProduct:
        """Return the command."""
        return UpdateProduct(
            product_id=checked_id(product_id),
            overview=self.overview,
            is_confidential=self.is_confidential,
            price=self.price.to_money() if self.price else None,
            versions=versions,
            any_price=any_price,
        )
