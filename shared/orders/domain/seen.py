"""What a customer saw before they ordered, where the catalog has moved on since."""

from shared.kernel.errors import FieldError
from shared.kernel.money import Money
from shared.orders.domain.order_line import money_data


def other_total(*, seen: Money, now: Money) -> FieldError:
    """Say that the total is another than the one that was expected."""
    return {
        "loc": ("expected_total",),
        "msg": f"You expected {seen.format()}; the total is now {now.format()}.",
        "type": "price_changed",
        "params": {"old": money_data(seen), "new": money_data(now)},
    }


def other_version(line: int, *, seen: int, now: int, price: Money) -> FieldError:
    """Say that the product of a line (from 0) is at another version, and what it costs now."""
    return {
        "loc": ("lines", line, "product_version"),
        "msg": f"You saw version {seen}; this is version {now}, at {price.format()}.",
        "type": "product_changed",
        "params": {"old": seen, "new": now, "price": money_data(price)},
    }
