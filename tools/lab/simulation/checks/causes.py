"""A refusal has its cause: goods that were short, a card that its bank declines."""

from tools.lab.simulation.checks.books import Books, amount
from tools.lab.simulation.checks.deliveries import Deliveries
from tools.lab.simulation.checks.facts import Commit, Fact, Item
from tools.lab.simulation.checks.violation import require

SHORT = "causes: only what is short is refused, and told as it was"
DECLINED = "causes: the gateway declines what it has to, and nothing else"
FAILED = "causes: a failed order has the reason of its payment, or of its stock"

REASONS = {
    "pm_card_chargeDeclined": "card_declined",
    "pm_card_insufficientFunds": "insufficient_funds",
    "pm_card_processingError": "processing_error",
}
"""What the README of the payments says of each payment method that is declined."""
_CANCELLED = "charge_cancelled"


class Causes:
    """Looks for the cause of whatever ends an order without a sale."""

    def __init__(self, books: Books, deliveries: Deliveries) -> None:
        self._books = books
        self._deliveries = deliveries

    def after_step(self, commit: Commit) -> None:
        """Hold each refusal of this commit to the stock, the card and the order there are."""
        for fact in commit.facts:
            if fact.context == "gateway" and fact.old is None:
                self._entered(fact)
        for fact in commit.events:
            assert fact.new is not None
            match fact.new["type"]:
                case "inventory.rejected":
                    self._rejected(fact.id, fact.new["data"], commit)
                case "payment.failed":
                    self._declined(fact.id, fact.new["data"])
                case "order.failed":
                    self._failed(fact.id, fact.new["data"])

    def _rejected(self, order_id: str, data: Item, commit: Commit) -> None:
        order = self._books.state("orders", "Order", order_id)
        assert order is not None
        told = {short["product_id"]: short for short in data["shortages"]}
        asked = {line["product_id"]: line["quantity"] for line in order["lines"]}
        started = self._deliveries.of(commit.invocation).started
        name = f"order {order_id} asked for {asked}, and hears {data['shortages']}"
        require(told and told.keys() <= asked.keys(), SHORT, name)
        for product_id, wanted in asked.items():
            levels = self._levels(product_id, started)
            short = told.get(product_id)
            what = f"{name}; of {product_id} there were {sorted(levels)}"
            if short is None:
                require(max(levels) >= wanted, SHORT, what)
                continue
            said = short["available"]
            right = short["requested"] == wanted and short["short"] == wanted - said
            require(right and said < wanted and said in levels, SHORT, what)

    def _levels(self, product_id: str, started: int) -> set[int]:
        """Return how many units of a product a read since step *started* may have seen."""
        shown = self._books.shown_since("inventory", "Stock", product_id, started)
        there = self._books.existed_at("inventory", "Stock", product_id, started)
        return {amount(each, "available") for each in shown} | (set() if there else {0})

    def _entered(self, fact: Fact) -> None:
        entry = fact.new
        order = self._books.state("orders", "Order", fact.id)
        assert entry is not None
        assert order is not None
        name = f"{fact.pk}: {entry}"
        if not entry["terms"]:  # it is closed before it was charged
            require(order["status"] == "cancelled", DECLINED, name)
            return
        reason = REASONS.get(order["payment_method"])
        right = entry["reason"] == reason and bool(entry["message"]) == bool(reason)
        captured = order["total"]["amount"] if reason is None else 0
        require(right and entry["captured"] == captured, DECLINED, name)

    def _declined(self, order_id: str, data: Item) -> None:
        entry = self._books.items.get(("gateway", f"CHARGE#{order_id}", "CHARGE"))
        order = self._books.state("orders", "Order", order_id)
        assert order is not None
        name = f"payment.failed {data}; the gateway has {entry}"
        require(entry is not None, DECLINED, name)
        assert entry is not None
        said = data["reason"], data["message"]
        require(said == (entry["reason"], entry["message"]), DECLINED, name)
        cancelled = data["reason"] == _CANCELLED and order["status"] == "cancelled"
        require(
            cancelled or REASONS.get(order["payment_method"]) == data["reason"], DECLINED, name
        )

    def _failed(self, order_id: str, data: Item) -> None:
        order = self._books.state("orders", "Order", order_id)
        assert order is not None
        kind = "Reservation" if data["status"] == "rejected" else "Payment"
        context = "inventory" if data["status"] == "rejected" else "payments"
        history = self._books.history(context, kind, order_id)
        name = f"order {order_id} failed as {data}; of its {kind} is known {history}"
        require(history, FAILED, name)
        cause = history[-1]["data"]
        if kind == "Payment":
            same = all(data[each] == cause[each] for each in ("reason", "message"))
            require(same and not data["shortages"], FAILED, name)
            return
        names = {line["product_id"]: line["mnemonic"] for line in order["lines"]}
        wanted = [{**each, "mnemonic": names[each["product_id"]]} for each in cause["shortages"]]
        same = data["reason"] == "out_of_stock" and data["shortages"] == wanted
        require(same, FAILED, name)
