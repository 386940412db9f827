"""What each line of the file is: a sale, a cancellation, or something no order can hold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from tools.shop.replay.source import Row, date_format, parse_date

MAX_QUANTITY = 100_000
"""Of one line; the API's limit."""
MAX_PRICE = 10**12
"""Minor units; far above any price and far below what JSON numbers lose digits at."""

MAX_NUMBER_LENGTH = 20
"""Characters; within it decimal arithmetic is exact."""

# Postage, carriage, discounts, samples, fees, corrections and bad debt share the column of the
# product codes. What they stand for is described in the data set's own descriptions.
_SERVICES = frozenset(
    {
        *("POST", "DOT", "C2", "C3", "AMAZONFEE", "BANKCHARGES"),
        *("M", "D", "S", "B", "CRUK", "ADJUST", "ADJUST2", "TEST001", "TEST002"),
    }
)
_GIFT_VOUCHER = re.compile(r"GIFT(_|$)")


class Reason(StrEnum):
    """Why a line cannot become part of an order."""

    UNREADABLE = "unreadable number or date"
    SERVICE = "service code, not a product"
    NEGATIVE_QUANTITY = "negative quantity outside a cancellation"
    POSITIVE_CANCELLATION = "positive quantity in a cancellation"
    ZERO_QUANTITY = "quantity zero"
    HUGE_QUANTITY = "quantity above the API's limit"
    NEGATIVE_PRICE = "negative price"
    ZERO_PRICE = "price zero"
    PART_PENNY = "price is not whole pennies"
    HUGE_PRICE = "price beyond all reason"
    # An order belongs to somebody who can look at it, cancel it and be written to. One made-up
    # guest for all of these lines would be the shop's largest customer.
    NO_CUSTOMER = "no customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sale, or a cancellation where *quantity* is negative; *price* in pennies."""

    number: int
    at: datetime
    invoice: str
    mnemonic: str
    description: str
    quantity: int
    price: int
    customer: str

    @property
    def is_cancellation(self) -> bool:
        return self.quantity < 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A line left out."""

    number: int
    reason: Reason


def classify(rows: Iterable[Row]) -> list[Line | Refused]:
    """Return, in the order of *rows*, what each is."""
    rows = list(rows)
    form = date_format({row.date for row in rows})
    return [_classify(row, form) for row in rows]


def mnemonic(code: str) -> str:
    """Return *code* as a mnemonic, ``[A-Z0-9_]{1,50}``.

    The file writes some codes both in capitals and in small letters; they are one product.
    """
    return re.sub(r"[^A-Z0-9_]", "_", code.upper())[:50]


def _classify(row: Row, form: str) -> Line | Refused:
    quantity, price = _number(row.quantity), _number(row.price)
    if quantity is None or quantity != int(quantity) or price is None or not row.code:
        return Refused(row.number, Reason.UNREADABLE)
    at = parse_date(row.date, form)
    if at is None:
        return Refused(row.number, Reason.UNREADABLE)
    reason = _objection(row, int(quantity), price)
    if reason:
        return Refused(row.number, reason)
    return Line(
        number=row.number,
        at=at,
        invoice=row.invoice,
        mnemonic=mnemonic(row.code),
        description=row.description,
        quantity=int(quantity),
        price=int(price * 100),
        customer=row.customer.removesuffix(".0"),
    )


def _objection(row: Row, quantity: int, price: Decimal) -> Reason | None:
    """Return the first reason that holds: what the line is about goes before who it is for."""
    code = "".join(row.code.upper().split())
    cancels = row.invoice.upper().startswith("C")
    objections = {
        Reason.SERVICE: code in _SERVICES or _GIFT_VOUCHER.match(code) is not None,
        Reason.ZERO_QUANTITY: quantity == 0,
        Reason.NEGATIVE_QUANTITY: quantity < 0 and not cancels,
        Reason.POSITIVE_CANCELLATION: quantity > 0 and cancels,
        Reason.HUGE_QUANTITY: abs(quantity) > MAX_QUANTITY,
        Reason.NEGATIVE_PRICE: price < 0,
        Reason.ZERO_PRICE: price == 0,
        Reason.PART_PENNY: price * 100 % 1 != 0,
        Reason.HUGE_PRICE: price * 100 > MAX_PRICE,
        Reason.NO_CUSTOMER: not row.customer,
    }
    return next((reason for reason, holds in objections.items() if holds), None)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or len(text) > MAX_NUMBER_LENGTH or "E" in text.upper():
        return None
    return number
