"""The plain JSON shapes that events, results and views of orders share."""

from typing import NotRequired, TypedDict


class MoneyData(TypedDict):
    """``amount`` minor units of ``currency`` (ISO 4217)."""

    amount: int
    currency: str


class LineData(TypedDict):
    """One line of an order, at the price of its placing."""

    product_id: str
    mnemonic: str
    quantity: int
    unit_price: MoneyData
    total: MoneyData


class ShortageData(TypedDict):
    """How much of one product was missing when the stock was asked for.

    Inventory knows products by their id; the order adds what its customer calls them.
    """

    product_id: str
    mnemonic: NotRequired[str]
    requested: int
    available: int
    short: int


class FailureData(TypedDict):
    """Why an order failed: a code for programs, a sentence for people, what was short."""

    reason: str
    message: str
    shortages: list[ShortageData]
