"""Looks at what the shop holds after a replay."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tools.shop.api_client.models import Payment, Stock
from tools.shop.api_client.shop import Shop
from tools.shop.replay.importing import Imported, Tick
from tools.shop.replay.plan import Plan
from tools.shop.replay.reconcile import sold_units
from tools.shop.replay.results import Run, Seen

SETTLE_SECONDS = 60.0
"""Refunds and stock movements follow an order's end by themselves; this is how long they get."""
_PAUSE = 0.5


def look(
    admin: Shop, plan: Plan, run: Run, imported: Imported, pool: ThreadPoolExecutor, tick: Tick
) -> Seen:
    """Read payments and stock, giving what is still on its way the time to arrive."""
    deadline = time.monotonic() + SETTLE_SECONDS
    sold = sold_units(plan, run)
    payments: dict[int, Payment] = {}
    stock: dict[str, Stock] = {}

    def look_at_payment(index: int) -> None:
        order = run.orders[index]
        refunded = order.outcome == "cancelled"

        def settled() -> bool:
            payment = admin.payment(order.id)
            if payment:
                payments[index] = payment
            return not refunded or payment is None or payment.net_amount == 0

        _until(settled, deadline)
        tick()

    def look_at_stock(mnemonic: str) -> None:
        before = imported.before[mnemonic]

        def settled() -> bool:
            now = stock[mnemonic] = admin.stock(imported.products[mnemonic])
            moved = now.sold - before.sold, now.reserved - before.reserved
            return moved == (sold.get(mnemonic, 0), 0)

        _until(settled, deadline)
        tick()

    list(pool.map(look_at_payment, run.orders))
    list(pool.map(look_at_stock, imported.products))
    return Seen(payments, imported.before, stock)


def _until(settled: Callable[[], bool], deadline: float) -> None:
    while not settled() and time.monotonic() < deadline:
        time.sleep(_PAUSE)
