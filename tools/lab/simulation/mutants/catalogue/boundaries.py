"""Bounds that are off by one: to the unit, to the moment, to the item; and other currencies."""

from tools.lab.simulation.mutants.mutant import Mutant, mutant

_ORDERS = "shared/orders/domain/filters.py"
_PRODUCTS = "shared/catalog/domain/filters.py"
_LARGE = "shared/notifications/domain/large_order.py"
_PAGING = "shared/platform/dynamodb/paging.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "as large as the bound",
        "sales hears of an order over exactly what it takes to be large",
        _LARGE,
        "        return threshold < total\n",
        "        return threshold <= total\n",
    ),
    mutant(
        "one bound for all currencies",
        "an order is large by the bound of another currency",
        _LARGE,
        "self.by_currency.get(total.currency, Money.zero(total.currency))",
        "Money(next(iter(self.by_currency.values())).amount, total.currency)",
    ),
    mutant(
        "every currency has cents",
        "a letter names an amount in yen or dinars with two places",
        "shared/kernel/money.py",
        "        places = exponent_of(self.currency)\n        digits",
        "        places = 2\n        digits",
    ),
    mutant(
        "the last line wins",
        "of a product that a basket names twice the first line is forgotten",
        "shared/orders/use_cases/place_order.py",
        "            merged[line.product_id] = merged.get(line.product_id, 0) + line.quantity\n",
        "            merged[line.product_id] = line.quantity\n",
    ),
    mutant(
        "before it takes the moment itself",
        "orders before a moment are shown with the one that was placed at it",
        _ORDERS,
        "Comparison.LESS, to_iso(moment)",
        "Comparison.AT_MOST, to_iso(moment)",
    ),
    mutant(
        "from it leaves the moment itself out",
        "orders from a moment on are shown without the one that was placed at it",
        _ORDERS,
        "Comparison.AT_LEAST, to_iso(moment)",
        "Comparison.GREATER, to_iso(moment)",
    ),
    mutant(
        "a price up to and without it",
        "products up to a price are shown without those that cost exactly it",
        _PRODUCTS,
        "Comparison.AT_MOST, most)",
        "Comparison.LESS, most)",
    ),
    mutant(
        "a page that is full is the last",
        "of a list whose rest is exactly one item nothing leads on to it",
        _PAGING,
        "if len(found) > asked.limit else stopped",
        "if len(found) > asked.limit + 1 else stopped",
    ),
    mutant(
        "what was looked at was shown",
        "a narrowed list goes on behind what it has read, not behind what it has shown",
        _PAGING,
        "return items, _key(items[-1], listing) if",
        "return items, _key(found[-1], listing) if",
    ),
    mutant(
        "one of several is the first",
        "orders in one of several states are those in the first of them",
        _ORDERS,
        "    if len(wanted) == 1:",
        "    if wanted:",
    ),
)
