"""A consistent read shows what was there while it was read, and only to those it is for."""

from typing import Any

from tools.lab.simulation.checks import details
from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Item
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.support.http_events import Caller

SHOWN = "reads: what is shown was there while it was read"
FOR_ALL = "reads: what is there is found"
PRIVATE = "reads: what belongs to a customer is shown to nobody else"
STAFF = "reads: a customer does not see who acted in the shop's name"


class Reads:
    """Looks at what single objects look like to their readers."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def answered(self, pending: Pending) -> None:
        """Hold the answer to a read to the states there were."""
        answer = pending.answer
        if pending.method != "GET" or answer is None or answer.status not in (200, 404):
            return
        data = answer.json.get("data") if answer.status == 200 else None  # JWKs: no envelope
        *_, id = pending.path.split("/")
        match pending.function:
            case "orders.get_order":
                self._owned(pending, "orders", "Order", id, data)
            case "payments.get_payment":
                self._payment(pending, id, data)
            case "catalog.get_product" | "catalog.get_product_v2":
                self._exact(pending, "catalog", "Product", id, data)
            case "inventory.get_stock":
                self._exact(pending, "inventory", "Stock", id, data)
            case "orders.get_order_history":
                self._history(pending, pending.path.split("/")[-2], data)
            case "gateway.get_product_details":
                details.check(self._books, pending, pending.path.split("/")[-2], data)
            case "orders.list_stuck_orders":
                self._stuck(pending, data)

    def _payment(self, pending: Pending, order_id: str, data: Any) -> None:
        shown = self._books.shown_since("payments", "Payment", order_id, pending.started)
        if data is None or not self._may_see(pending, order_id):
            require(data is None, PRIVATE, f"{pending.path} was shown to {pending.caller}")
            early = not self._books.existed_at("payments", "Payment", order_id, pending.started)
            hidden = not self._may_see(pending, order_id)
            require(early or hidden, FOR_ALL, f"{pending.path} was not found")
            return
        order: Any = self._books.state("orders", "Order", order_id)
        views = [_payment_view(state, order["total"]) for state in shown]
        require(data in views, SHOWN, f"{pending.path}: {data}; there were {views}")

    def _owned(self, pending: Pending, context: str, kind: str, id: str, data: Any) -> None:
        if not self._may_see(pending, id):
            require(data is None, PRIVATE, f"{pending.path} was shown to {pending.caller}")
            return
        self._exact(pending, context, kind, id, data)

    def _exact(self, pending: Pending, context: str, kind: str, id: str, data: Any) -> None:
        shown = self._books.shown_since(context, kind, id, pending.started)
        if data is None:
            # Stock is hidden with its product, from who may not see that.
            goods = self._books.shown_since("catalog", "Product", id, pending.started)
            hidden = any(state.get("is_confidential") for state in (*shown, *goods))
            there = self._books.existed_at(context, kind, id, pending.started)
            require(hidden or not there, FOR_ALL, f"{pending.path} was not found")
            return
        fits = any(all(s.get(name) == data[name] for name in data if name in s) for s in shown)
        require(fits, SHOWN, f"{pending.path}: {data}; there were {shown}")

    def _history(self, pending: Pending, order_id: str, data: Any) -> None:
        if data is None:
            return
        may = self._may_see(pending, order_id)
        require(may, PRIVATE, f"{pending.path} was shown to {pending.caller}")
        caller = pending.caller
        if isinstance(caller, Caller) and caller.role != "admin":
            named = {event["actor"] for event in data["items"]} - {None, caller.user_id}
            require(not named, STAFF, f"{pending.path}: {named}")
        names = ("type", "version", "occurred_at", "data")
        history = self._books.history("orders", "Order", order_id)
        known = [(e["event_id"], *(e[name] for name in names)) for e in history]
        shown = [(e["id"], *(e[name] for name in names)) for e in data["items"]]
        fits = len(shown) <= len(known) and all(map(_is_same, shown, known))
        require(fits, SHOWN, f"{pending.path}: {shown}; there were {known}")

    def _stuck(self, pending: Pending, data: Any) -> None:
        for found in data["items"] if data else ():
            shown = self._books.shown_since("orders", "Order", found["id"], pending.started)
            states = [state["status"] for state in shown]
            require(found["status"] in states, SHOWN, f"{found}; there were {states}")

    def _may_see(self, pending: Pending, order_id: str) -> bool:
        order = self._books.state("orders", "Order", order_id)
        caller = pending.caller
        if order is None or not isinstance(caller, Caller):
            return False
        return caller.role == "admin" or caller.user_id == order["customer_id"]


def _is_same(shown: tuple[Any, ...], known: tuple[Any, ...]) -> bool:
    """Tell whether an event is shown as it is; old code leaves out what was not known then."""
    unsaid = {name: None for name, value in known[-1].items() if value is None}
    return shown[:-1] == known[:-1] and {**unsaid, **shown[-1]} == known[-1]


def _payment_view(payment: Item, total: Item) -> Item:
    """Return what is shown of a payment: of a voided one no amount, of others the order's."""
    status = payment["status"]
    nothing = {**total, "amount": 0}
    amounts: tuple[Item | None, Item | None, Item | None] = {
        "succeeded": (total, nothing, total),
        "refunded": (total, total, nothing),
        "failed": (total, nothing, nothing),
        "voided": (None, None, None),
    }[status]
    return {
        "order_id": payment["order_id"],
        "payment_id": payment["order_id"],
        "status": status,
        **dict(zip(("amount", "refunded", "net"), amounts, strict=True)),
        "failure_reason": payment["failure_reason"] if status == "failed" else None,
        "created_at": payment["created_at"],
        "updated_at": payment["updated_at"],
    }
