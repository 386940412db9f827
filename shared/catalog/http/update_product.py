"""How a change of a product looks, and which versions it is meant for."""

import re
from typing import Annotated, Any

from fastapi import Depends, Header
from pydantic import ConfigDict, field_validator

from shared.catalog.http.parameters import Overview, PriceBody, checked_id
from shared.catalog.use_cases.update_product import UpdateProduct
from shared.platform.http.middleware.asgi import GZIP_TAG
from shared.platform.http.models import Body

_TAG = re.compile(r'(?:W/)?"[^"]*"')
_OUR_TAG = re.compile(rf'"([1-9][0-9]{{0,17}})(?:{GZIP_TAG})?"')  # read compressed, or not


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


async def _if_match(
    if_match: Annotated[str | None, Header(max_length=1_000, examples=['"3"'])] = None,
) -> frozenset[int] | None:
    """Read ``If-Match`` (RFC 9110 §13.1.1): strong tags only, or ``*`` alone for any version.

    A header without one of our tags names no version, so nothing matches it.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    ours = (_OUR_TAG.fullmatch(tag) for tag in _TAG.findall(if_match))
    return frozenset(int(tag[1]) for tag in ours if tag)


IfMatch = Annotated[frozenset[int] | None, Depends(_if_match)]
