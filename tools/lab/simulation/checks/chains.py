"""An event says who did it, in which story and after what, and of its order what is so."""

from collections.abc import Callable

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.deliveries import Deliveries
from tools.lab.simulation.checks.facts import BESIDES, Commit, Item
from tools.lab.simulation.checks.requests import Requests
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.support.http_events import Caller

CHAIN = "events: each names who did it, its story, and the event that caused it"
SAYS = "events: what one says of an order is so"


class Chains:
    """Follows stories from event to event."""

    def __init__(self, books: Books, requests: Requests, deliveries: Deliveries) -> None:
        self._books = books
        self._requests = requests
        self._deliveries = deliveries
        self._known: dict[str, Item] = {}

    def after_step(self, commit: Commit) -> None:
        """Hold the events of a commit to what it came of."""
        pending = self._requests.all.get(commit.invocation)
        marks = [f.id.partition("#")[2] for f in commit.facts if f.sk == "INBOX" and f.new]
        for fact in commit.events:
            event = fact.new
            assert event is not None
            self._known[event["event_id"]] = event
            if fact.pk.startswith(BESIDES):
                continue
            if pending is not None:
                _asked_for(event, pending)
            elif (delivery := self._deliveries.of(commit.invocation)) is not None:
                self._caused(event, set(marks or delivery.event_ids), commit.function)
            self._says(event, commit)

    def _caused(self, event: Item, of: set[str], consumer: str) -> None:
        cause = self._known.get(event["causation_id"])
        name = f"{event['type']} {event['event_id']} of {consumer}: {_origin(event)}; handled {of}"
        require(cause is not None and event["causation_id"] in of, CHAIN, name)
        assert cause is not None
        same = event["correlation_id"] == cause["correlation_id"]
        require(same and event["actor"] == consumer, CHAIN, f"{name}; caused by {cause}")
        orders = {each["data"].get("order_id") for each in (event, cause)} - {None}
        require(len(orders) <= 1, CHAIN, f"{name}; caused by {cause}")

    def _says(self, event: Item, commit: Commit) -> None:
        order_id, data = event["data"].get("order_id"), event["data"]
        order = self._books.state("orders", "Order", order_id) if order_id else None
        if order is None:
            return
        before = next((f.old for f in commit.of("orders", "Order") if f.id == order_id), None)
        name = f"{event['type']} {data}; the order: {order}, before {before}"
        for key in ("customer_id", "total", "payment_method"):
            told = data.get(key)
            free = key == "payment_method" and not order["total"]["amount"]
            require(told in (None, order[key]) or (free and _of_old_code(event)), SAYS, name)
        if event["type"].startswith("payment."):
            require(data.get("amount") in (None, order["total"]), SAYS, name)
            require(data["payment_id"] == order_id, SAYS, name)
        check = _SAYINGS.get(event["type"])
        right = check is None or check(self, event, order, before)
        require(right, SAYS, name)

    def _cancelled(self, event: Item, order: Item, before: Item | None) -> bool:
        """The state before, and whether money was taken in it: of what is free none ever is."""
        assert before is not None
        data = event["data"]
        paid = before["status"] == "paid" and order["total"]["amount"] > 0
        if data.get("paid") != paid and data.get("cancelled_by") is not None:
            return False
        return bool(data["previous_status"] == before["status"])

    def _paid(self, event: Item, order: Item, before: Item | None) -> bool:
        payment = self._books.state("payments", "Payment", order["id"])
        return payment is not None and event["data"]["payment_id"] == order["id"]

    def _held(self, event: Item, order: Item, before: Item | None) -> bool:
        """What is set aside, sold or given back is what was asked for, or nothing yet."""
        said = {line["product_id"]: line["quantity"] for line in event["data"]["lines"]}
        asked = {line["product_id"]: line["quantity"] for line in order["lines"]}
        reserved = any(
            each["type"] == "inventory.reserved"
            for each in self._books.history("inventory", "Reservation", order["id"])
        )
        return said == asked if reserved else not said


_Saying = Callable[[Chains, Item, Item, Item | None], bool]
_SAYINGS: dict[str, _Saying] = {
    "order.cancelled": Chains._cancelled,
    "order.paid": Chains._paid,
    "inventory.reserved": Chains._held,
    "inventory.committed": Chains._held,
    "inventory.released": Chains._held,
}


def _of_old_code(event: Item) -> bool:
    """Tell whether it is of a version that named a card for whatever was ordered."""
    return (event["type"], event["schema_version"]) == ("inventory.reserved", 1)


def _asked_for(event: Item, pending: Pending) -> None:
    """What a request does begins a story: the caller's, and of no other event."""
    actor = pending.caller.user_id if isinstance(pending.caller, Caller) else None
    right = event["actor"] == actor and event["causation_id"] is None
    right = right and event["correlation_id"] == pending.invocation
    require(right, CHAIN, f"{event['type']} of {pending.invocation} by {actor}: {_origin(event)}")


def _origin(event: Item) -> Item:
    return {name: event[name] for name in ("actor", "correlation_id", "causation_id")}
