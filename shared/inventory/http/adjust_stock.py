"""How an adjustment of stock looks."""

from typing import Annotated

from pydantic import Field

from shared.inventory.use_cases.adjust_stock import AdjustStock
from shared.platform.http.models import Body
from shared.platform.http.text import Line

MAX_QUANTITY = 1_000_000_000


class AdjustStockBody(Body):
    """Units that came in, or, negative, are written off."""

    quantity: Annotated[int, Field(ge=-MAX_QUANTITY, le=MAX_QUANTITY, examples=[100])]
    reason: Annotated[Line, Field(min_length=1, max_length=200, examples=["delivery 4711"])]

    def to_command(self, product_id: str, *, confidential_too: bool) -> AdjustStock:
        """Return the command."""
        return AdjustStock(
            product_id=product_id,
            quantity=self.quantity,
            reason=self.reason,
            confidential_too=confidential_too,
        )
