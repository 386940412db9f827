"""What is known of a customer's orders equals a fold of these, in the generation that is shown."""

from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Item
from tools.lab.simulation.checks.standings import shown
from tools.lab.simulation.checks.violation import require

SUMMED = "read models: a customer's summary equals a fold of the events"

_COUNTED = ("order.placed", "order.completed", "order.failed", "order.cancelled")
_ENDED = {
    "paid": "completed",
    "payment_failed": "failed",
    "rejected": "failed",
    "cancelled": "cancelled",
}
_PREFIX = "CUSTOMER#"


def check(books: Books) -> None:
    """Fold every customer's orders anew and hold the summary that is shown to the outcome."""
    kept: dict[str, Item] = {}
    for pk, sk, item in books.of_prefix("customers", f"{_PREFIX}{shown(books)}#"):
        if sk == "SUMMARY":
            kept[pk.split("#", 2)[2]] = item
    customers = {order["customer_id"] for order in books.states("orders", "Order")}
    require(kept.keys() == customers, SUMMED, f"{customers} ordered, known are {kept.keys()}")
    for customer, found in kept.items():
        wanted = summary_of(books, customer)
        spent = [{"amount": a, "currency": c} for c, a in sorted(found["spent"].items())]
        ended = sum(found[each] for each in ("completed", "failed", "cancelled"))
        known = {**found, "spent": spent, "open": found["orders"] - ended}
        same = all(known[each] == wanted[each] for each in wanted)
        require(same, SUMMED, f"{found}; events say {wanted}")


def summary_of(books: Books, customer: str) -> dict[str, Any]:
    """Return a customer's summary, counted from the orders, as the API shows it."""
    orders = [o for o in books.states("orders", "Order") if o["customer_id"] == customer]
    found: dict[str, Any] = {"customer_id": customer, "orders": len(orders)}
    found |= dict.fromkeys(("open", "completed", "failed", "cancelled"), 0)
    spent: dict[str, int] = {}
    for order in orders:
        end = _ENDED.get(order["status"], "open")
        found[end] += 1
        total = order["total"]
        if end == "completed" and total["amount"]:
            spent[total["currency"]] = spent.get(total["currency"], 0) + total["amount"]
    found["spent"] = [{"amount": spent[each], "currency": each} for each in sorted(spent)]
    placed = sorted(order["placed_at"] for order in orders)
    found["first_order_at"], found["last_order_at"] = placed[0], placed[-1]
    found["as_of"] = max(
        event["occurred_at"]
        for order in orders
        for event in books.history("orders", "Order", order["id"])
        if event["type"] in _COUNTED
    )
    return found
