"""How much of a product there is, and every way that may change.

``available + reserved + sold = received`` holds for every balance and every movement, so it holds
whichever movements are applied, in whichever order; and no part of a balance is ever negative.
"""

from dataclasses import dataclass, fields

PARTS = ("available", "reserved", "sold", "received")


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Units that change hands: what is added to (or, negative, taken from) each part."""

    available: int = 0
    reserved: int = 0
    sold: int = 0
    received: int = 0

    def __post_init__(self) -> None:
        if self.available + self.reserved + self.sold != self.received:
            raise ValueError(f"units appear from nowhere or get lost: {self}")

    @classmethod
    def receive(cls, quantity: int) -> "Movement":
        """Units come in; a negative *quantity* is written off."""
        return cls(available=quantity, received=quantity)

    @classmethod
    def reserve(cls, quantity: int) -> "Movement":
        """Units on offer are held for an order."""
        return cls(available=-quantity, reserved=quantity)

    @classmethod
    def release(cls, quantity: int) -> "Movement":
        """Held units are on offer again."""
        return cls(available=quantity, reserved=-quantity)

    @classmethod
    def sell(cls, quantity: int) -> "Movement":
        """Held units are the customer's."""
        return cls(reserved=-quantity, sold=quantity)

    @classmethod
    def take_back(cls, quantity: int) -> "Movement":
        """Sold units are on offer again."""
        return cls(available=quantity, sold=-quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The units of one product. Raises ``ValueError`` for one that cannot be."""

    available: int = 0
    reserved: int = 0
    sold: int = 0
    received: int = 0

    def __post_init__(self) -> None:
        if self.available + self.reserved + self.sold != self.received:
            raise ValueError(f"units are missing or too many: {self}")
        if min(self.available, self.reserved, self.sold) < 0:
            raise ValueError(f"fewer than no units: {self}")

    def __add__(self, movement: Movement) -> "Balance":
        return Balance(
            **{
                field.name: getattr(self, field.name) + getattr(movement, field.name)
                for field in fields(self)
            }
        )
