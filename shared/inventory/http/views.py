"""What the inventory shows over HTTP."""

from shared.inventory.domain.level import StockLevel
from shared.platform.http.models import View


class StockView(View):
    """A product's stock: available + reserved + sold = received."""

    product_id: str
    available: int
    reserved: int
    sold: int
    received: int

    @classmethod
    def of(cls, level: StockLevel) -> "StockView":
        """Return the view of *level*."""
        return cls.model_validate(level.to_data())
