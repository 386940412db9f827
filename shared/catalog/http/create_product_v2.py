"""How a product to create looks in version 2."""

from dataclasses import replace

from pydantic import Field

from shared.catalog.http.create_product import CreateProductBody
from shared.catalog.http.parameters import Label, Tags
from shared.catalog.use_cases.create_product import CreateProduct


class CreateProductV2Body(CreateProductBody):
    """A product to create, and how it is grouped."""

    category: Label
    tags: Tags = Field(default_factory=list)

    def to_command(self) -> CreateProduct:
        """Return the command."""
        return replace(super().to_command(), category=self.category, tags=tuple(self.tags))
