"""What commands and queries return about a product's stock."""

from dataclasses import dataclass

from shared.inventory.domain.balance import Balance
from shared.kernel.commands import CommandResult


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel(CommandResult):
    """The units of a product: on offer, held for orders, sold, and ever received."""

    product_id: str
    available: int
    reserved: int
    sold: int
    received: int

    @classmethod
    def of(cls, product_id: str, balance: Balance) -> "StockLevel":
        """Return the details of *balance*."""
        return cls(
            product_id=product_id,
            available=balance.available,
            reserved=balance.reserved,
            sold=balance.sold,
            received=balance.received,
        )
