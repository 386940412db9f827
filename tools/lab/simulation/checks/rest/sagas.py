"""Every order has ended, and money and goods agree with how."""

from typing import Any

from tools.lab.simulation.checks.books import Books, amount
from tools.lab.simulation.checks.facts import Item
from tools.lab.simulation.checks.violation import require

FINAL = "sagas: every order ends"
SALE = "sagas: completed ⇔ captured once, if anything was due, and goods sold"
NO_SALE = "sagas: without a sale the money is back, and so are the goods"

_RESERVATIONS = {
    "cancelled": ("released", "rejected"),
    "payment_failed": ("released",),
    "rejected": ("rejected",),
}
_PAYMENTS = {
    "cancelled": ("refunded", "voided", "failed"),
    "payment_failed": ("failed",),
    "rejected": (None,),
}


def check(books: Books) -> None:
    """Hold every order to its reservation, its payment and the gateway's ledger."""
    for order in books.states("orders", "Order"):
        _order(books, order)
    for kind, context in (("Reservation", "inventory"), ("Payment", "payments")):
        for state in books.states(context, kind):
            order_id = state["PK"].partition("#")[2]
            there = books.state("orders", "Order", order_id)
            require(there, NO_SALE, f"{state['PK']} belongs to no order")


def _order(books: Books, order: Item) -> None:
    order_id, status = order["id"], order["status"]
    held: Any = books.state("inventory", "Reservation", order_id) or {}
    paid: Any = books.state("payments", "Payment", order_id) or {}
    entry = books.items.get(("gateway", f"CHARGE#{order_id}", "CHARGE"))
    net = amount(entry, "captured") - amount(entry, "refunded")
    name = (
        f"order {order_id} is {status}, its reservation {held.get('status')}, "
        f"its payment {paid.get('status')}, the gateway holds {net} of {order['total']['amount']}"
    )
    require(order["outcome"] != "in_progress", FINAL, name)
    if order["outcome"] == "completed":
        due = "succeeded" if order["total"]["amount"] else None
        sold = held.get("status") == "committed" and paid.get("status") == due
        require(sold and net == order["total"]["amount"], SALE, name)
        return
    require(net == 0, NO_SALE, name)
    fits = held.get("status") in _RESERVATIONS[status] and paid.get("status") in _PAYMENTS[status]
    require(fits, NO_SALE, name)
