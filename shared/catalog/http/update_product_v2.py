"""How a change of a product looks in version 2."""

from dataclasses import replace

from shared.catalog.http.parameters import Label, Tags
from shared.catalog.http.update_product import Rights, UpdateProductBody
from shared.catalog.use_cases.update_product import UpdateProduct


class UpdateProductV2Body(UpdateProductBody):
    """What to change of a product; ``tags`` replaces all of them."""

    category: Label | None = None
    tags: Tags | None = None

    def to_command(
        self, product_id: str, *, versions: frozenset[int] | None, rights: Rights
    ) -> UpdateProduct:
        """Return the command."""
        command = super().to_command(product_id, versions=versions, rights=rights)
        tags = None if self.tags is None else tuple(self.tags)
        return replace(command, category=self.category, tags=tags)
