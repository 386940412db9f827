"""How a product to create looks."""

from pydantic import Field

from shared.catalog.http.parameters import MNEMONIC_FORM, Overview, PriceBody
from shared.catalog.use_cases.create_product import CreateProduct
from shared.platform.http.models import Body


class CreateProductBody(Body):
    """A product to create."""

    mnemonic: str = Field(pattern=MNEMONIC_FORM, examples=["TEAPOT_BLUE"])
    overview: Overview
    is_confidential: bool = False
    price: PriceBody

    def to_command(self) -> CreateProduct:
        """Return the command."""
        return CreateProduct(
            mnemonic=self.mnemonic,
            overview=self.overview,
            is_confidential=self.is_confidential,
            price=self.price.to_money(),
        )
