"""An order goes one way only, at the prices of its placing, and its end has its reasons."""

from datetime import datetime, timedelta

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Commit, Fact, Item, quantities
from tools.lab.simulation.checks.requests import Requests
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.support.http_events import Caller

ONE_WAY = "orders: an order goes one way only"
PRICES = "orders: an order has its customer, and the catalog's prices of its placing"
SEEN = "orders: who says what they saw is charged that, or nothing"
REASONS = "orders: what is said of goods and money is so"
OWNER = "orders: only its customer or the shop cancels an order, and the event says who"
PERIOD = "orders: a customer cancels a paid order for a day, and no longer"
DAY = timedelta(days=1)
"""The setting's default."""

NEXT = {
    None: {"pending"},
    "pending": {"reserved", "paid", "payment_failed", "rejected", "cancelled"},
    "reserved": {"paid", "payment_failed", "cancelled"},
    "paid": {"cancelled"},
}
OUTCOMES = {
    "pending": "in_progress",
    "reserved": "in_progress",
    "paid": "completed",
    "payment_failed": "failed",
    "rejected": "rejected",
    "cancelled": "cancelled",
}


class Orders:
    """Follows every order."""

    def __init__(self, books: Books, requests: Requests) -> None:
        self._books = books
        self._requests = requests

    def after_step(self, commit: Commit) -> None:
        """Hold each order that changed to where it came from."""
        for fact in commit.of("orders", "Order"):
            self._moved(fact)
            assert fact.new is not None
            if fact.old is None:
                self._placed(fact, commit)
            elif fact.new["status"] == "cancelled":
                self._cancelled(fact, commit)
            else:
                self._reasons(fact)

    def _moved(self, fact: Fact) -> None:
        assert fact.new is not None
        before = fact.old["status"] if fact.old else None
        after = fact.new["status"]
        require(after in NEXT.get(before, ()), ONE_WAY, f"{fact.pk}: {before} → {after}")
        require(fact.new["outcome"] == OUTCOMES[after], ONE_WAY, f"{fact.pk}: {fact.new}")
        if fact.old is not None:
            for name in ("lines", "total", "customer_id", "payment_method", "placed_at"):
                require(fact.new[name] == fact.old[name], ONE_WAY, f"{fact.pk}: another {name}")

    def _placed(self, fact: Fact, commit: Commit) -> None:
        order = fact.new
        assert order is not None
        pending = self._requests.all.get(commit.invocation)
        require(pending is not None, PRICES, f"{fact.pk} was placed by {commit.function}")
        assert pending is not None
        caller = pending.caller
        owner = isinstance(caller, Caller) and caller.user_id == order["customer_id"]
        require(owner, PRICES, f"{fact.pk} belongs to {order['customer_id']}, not {caller}")
        wanted = quantities(pending.body["lines"])
        lines = {line["product_id"]: line["quantity"] for line in order["lines"]}
        once = len(lines) == len(order["lines"])
        require(lines == wanted and once, PRICES, f"{fact.pk} is over {lines}, wanted: {wanted}")
        for line in order["lines"]:
            shown = self._books.shown_since(
                "catalog", "Product", line["product_id"], pending.started
            )
            right = any(product["price"] == line["unit_price"] for product in shown)
            require(right, PRICES, f"{fact.pk}: {line}; the catalog showed {shown}")
        total = sum(line["quantity"] * line["unit_price"]["amount"] for line in order["lines"])
        currencies = {line["unit_price"]["currency"] for line in order["lines"]}
        right = order["total"]["amount"] == total and currencies == {order["total"]["currency"]}
        require(right, PRICES, f"{fact.pk}: {order['total']}")
        named = pending.body.get("payment_method") if total else None
        right = order["payment_method"] == named and (named is None) == (total == 0)
        require(right, PRICES, f"{fact.pk}: {order}; named was {pending.body}")
        self._seen(fact.pk, order, pending)

    def _seen(self, pk: str, order: Item, pending: Pending) -> None:
        expected = pending.body.get("expected_total")
        name = f"{pk}: {order['total']}, and its customer saw {expected}"
        require(expected in (None, order["total"]), SEEN, name)
        prices = {line["product_id"]: line["unit_price"] for line in order["lines"]}
        for line in pending.body["lines"]:
            product, version = line["product_id"], line.get("product_version")
            states = self._books.shown_since("catalog", "Product", product, 0)
            seen = [each["price"] for each in states if each["version"] == version]
            name = f"{pk}: {prices[product]}, and version {version} of {product} was at {seen}"
            require(version is None or prices[product] in seen, SEEN, name)

    def _cancelled(self, fact: Fact, commit: Commit) -> None:
        assert fact.new is not None
        pending = self._requests.all.get(commit.invocation)
        caller = pending.caller if pending is not None else None
        allowed = isinstance(caller, Caller) and (
            caller.role == "admin" or caller.user_id == fact.new["customer_id"]
        )
        require(allowed, OWNER, f"{fact.pk} was cancelled by {caller} ({commit.function})")
        assert fact.old is not None
        assert isinstance(caller, Caller)
        own = caller.user_id == fact.new["customer_id"]
        said = {event.new["data"].get("cancelled_by") for event in commit.events if event.new}
        name = f"{fact.pk} was cancelled by {caller}, its event says by {said}"
        require(said <= {None, "customer" if own else "staff"}, OWNER, name)
        if own and caller.role != "admin" and fact.old["status"] == "paid":
            paid, now = (
                datetime.fromisoformat(each["updated_at"]) for each in (fact.old, fact.new)
            )
            require(now - paid < DAY, PERIOD, f"{fact.pk}: paid {paid}, cancelled {now}")

    def _reasons(self, fact: Fact) -> None:
        assert fact.new is not None
        held = self._books.state("inventory", "Reservation", fact.id)
        payment = self._books.state("payments", "Payment", fact.id)
        said = (held or {}).get("status"), (payment or {}).get("status")
        right = {
            "reserved": held is not None and held["status"] != "rejected",
            "rejected": said[0] == "rejected",
            "paid": said[1] in ("succeeded", "refunded")
            if fact.new["total"]["amount"]
            else held is not None and said[0] not in ("rejected", "released"),
            "payment_failed": said[1] == "failed",
        }[fact.new["status"]]
        name = f"{fact.pk} is {fact.new['status']}; reservation and payment are {said}"
        require(right, REASONS, name)
