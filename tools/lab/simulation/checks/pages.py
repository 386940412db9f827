"""Lists show nobody else's things, and, when all is at rest, everything there is, in order."""

from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import STATE
from tools.lab.simulation.checks.rest.summaries import SUMMED, summary_of
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.support.http_events import Caller

MINE = "lists: a list holds nothing of anybody else"
COMPLETE = "lists: a list equals a rebuild from events, page by page"
WHOLE = "lists: what a list shows of a thing is what it is"
TOTAL = "lists: a total equals a rebuild from events"

_ORDERS, _NOTIFICATIONS = "orders.list_my_orders", "notifications.list_my_notifications"
_PRODUCTS = "catalog.list_products"
_SUMMARY = "customers.get_customer_summary"
_SHOWN = {
    _ORDERS: ("orders", "Order"),
    _NOTIFICATIONS: ("notifications", "Notification"),
    _PRODUCTS: ("catalog", "Product"),
}
_PLAIN = frozenset({"limit", "cursor", "include_total"})
_LISTS = (_ORDERS, _NOTIFICATIONS, _PRODUCTS)


class Pages:
    """Collects the pages of lists that are read to the end."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._open = False
        self._read: dict[tuple[str, str], list[str]] = {}
        self._totals: dict[tuple[str, str], int] = {}

    def open(self) -> None:
        """From now on what is read has to be complete."""
        self._open = True

    def answered(self, pending: Pending) -> None:
        """Look at a page."""
        function = pending.function
        answer = pending.answer
        if answer is None or answer.status != 200:
            return
        if function == _SUMMARY and self._open:
            self._summary(pending, answer.data)
        if function not in _LISTS or not pending.query.keys() <= _PLAIN:
            return  # what is narrowed or sorted is looked at elsewhere
        items = answer.data["items"]
        caller = pending.caller
        reader = caller.user_id if isinstance(caller, Caller) else ""
        if function == _ORDERS:
            others = [each["id"] for each in items if each["customer_id"] != reader]
            require(not others, MINE, f"{reader} was shown {others}")
            unknown = [
                e["id"] for e in items if not self._books.history("orders", "Order", e["id"])
            ]
            require(not unknown, MINE, f"{reader} was shown {unknown}, which do not exist")
        if self._open:
            name = function, reader
            self._whole(function, items)
            self._read.setdefault(name, []).extend(each["id"] for each in items)
            if "total" in answer.data:
                self._totals[name] = answer.data["total"]

    def _summary(self, pending: Pending, data: Any) -> None:
        """Hold a summary to a fold of the orders it sums up."""
        customer = pending.path.split("/")[-2]
        orders = [e for e in self._events("order.placed") if _of(e, "customer_id", customer)]
        right = data == summary_of(self._books, customer) if orders else data["orders"] == 0
        require(right, SUMMED, f"{pending.path}: {data}")

    def _whole(self, function: str, items: list[Any]) -> None:
        """Hold each item to the state that it shows, in all that both of them have."""
        context, kind = _SHOWN[function]
        for item in items:
            state: Any = self._books.state(context, kind, item["id"])
            state = {**state, "channels": [_seen(each) for each in state.get("channels", ())]}
            different = [each for each in item if each in state and state[each] != item[each]]
            require(not different, WHOLE, f"{function}: {item}; it is {state}: {different}")

    def check(self) -> int:
        """Hold the lists that were read to the events; return how many there were."""
        for (function, reader), ids in self._read.items():
            wanted = self._wanted(function, reader)
            name = f"{function} of {reader or 'a visitor'}"
            require(ids == wanted, COMPLETE, f"{name}: {ids}; events say {wanted}")
            total = self._totals.get((function, reader))
            right = total is None or total == len(wanted)
            require(right, TOTAL, f"{name}: {total}; events say {len(wanted)}")
        return len(self._read)

    def _wanted(self, function: str, reader: str) -> list[str]:
        """Return the ids that the list has to show, newest first."""
        if function == _ORDERS:
            placed = [e for e in self._events("order.placed") if _of(e, "customer_id", reader)]
            return self._newest_first(placed, "order_id", "placed_at")
        if function == _PRODUCTS:
            hidden = {} if reader else self._hidden()
            made = [e for e in self._events("product.created") if not hidden.get(_id(e))]
            return self._newest_first(made, "product_id", "created_at")
        sent = [e for e in self._events("notification.sent") if _of(e, "user_id", reader)]
        return self._newest_first(sent, "notification_id", "created_at")

    def _hidden(self) -> dict[str, bool]:
        hidden: dict[str, bool] = {}
        for event in self._books.events:
            data = event["data"]
            if event["type"] == "product.created":
                hidden[data["product_id"]] = data["is_confidential"]
            elif event["type"] == "product.updated" and "is_confidential" in data["changes"]:
                hidden[data["product_id"]] = data["changes"]["is_confidential"]
        return hidden

    def _events(self, event_type: str) -> list[Any]:
        return [event for event in self._books.events if event["type"] == event_type]

    def _newest_first(self, events: list[Any], name: str, time: str) -> list[str]:
        """Return the ids that the events name, by the *time* in their state, then by id."""
        found = []
        for event in events:
            state = self._books.items[event["context"], event["PK"], STATE]
            found.append((state[time], event["data"][name]))
        return [id for _, id in sorted(found, reverse=True)]


def _seen(channel: Any) -> Any:
    return {name: channel[name] for name in ("channel", "status")}


def _of(event: Any, name: str, reader: str) -> bool:
    return bool(event["data"][name] == reader)


def _id(event: Any) -> str:
    found: str = event["data"]["product_id"]
    return found
