"""No penny is taken twice, kept from a cancelled order, or believed to be where it is not."""

from collections import Counter

from tools.lab.simulation.checks.books import Books, amount
from tools.lab.simulation.checks.facts import Commit, Fact
from tools.lab.simulation.checks.violation import require

ONE_CAPTURE = "money: at most one capture per order"
RIGHT_CHARGE = "money: what is charged is the order's total, for goods that are set aside"
FREE = "money: no gateway is asked about an order that costs nothing"
REFUNDS = "money: only what was captured for a cancelled order goes back, once"
ON_RECORD = "money: a payment on record agrees with the gateway"
DECLINING = ("pm_card_chargeDeclined", "pm_card_insufficientFunds", "pm_card_processingError")


class Money:
    """Follows the gateway's ledger and the payments beside it."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._captures: Counter[str] = Counter()

    def after_step(self, commit: Commit) -> None:
        """Hold ledger and payments to the orders."""
        for fact in commit.facts:
            if fact.context == "gateway":
                self._ledger(fact)
        for fact in commit.of("payments", "Payment"):
            self._payment(fact)

    def _ledger(self, fact: Fact) -> None:
        entry, order_id = fact.new, fact.id
        require(entry is not None, ONE_CAPTURE, f"{fact.pk} vanished from the ledger")
        assert entry is not None
        captured, refunded = amount(entry, "captured"), amount(entry, "refunded")
        before = amount(fact.old, "captured")
        order = self._books.state("orders", "Order", order_id)
        name = f"{fact.pk}: captured {captured}, refunded {refunded}"
        require(order is not None, ONE_CAPTURE, f"{name}, and there is no such order")
        assert order is not None
        require(order["total"]["amount"] or self._cancelled_by_old_code(fact), FREE, name)
        is_new = fact.old is None or entry["reference"] != fact.old["reference"]
        if captured and is_new:
            self._captures[order_id] += 1
            times = self._captures[order_id]
            require(times == 1, ONE_CAPTURE, f"{name}, for the {times}. time")
            total = order["total"]
            due = {"amount": total["amount"], "currency": total["currency"]}
            asked = {name: entry["terms"].get(name) for name in due}
            fits = asked == due and captured == due["amount"]
            method = order["payment_method"]
            fits = fits and entry["terms"].get("payment_method") == method
            held = self._books.state("inventory", "Reservation", order_id)
            fits = fits and held is not None and held["status"] != "rejected"
            require(fits and method not in DECLINING, RIGHT_CHARGE, f"{name}; due are {due}")
        if fact.old is not None and not is_new:
            require(captured == before, ONE_CAPTURE, f"{name}; {before} before")
        require(refunded in (0, captured), REFUNDS, name)
        if refunded:
            require(order["status"] == "cancelled", REFUNDS, f"{name}; {order['status']}")

    def _cancelled_by_old_code(self, entry: Fact) -> bool:
        """Tell whether it is a cancellation whose event does not say what the order came to."""
        happened = self._books.history("orders", "Order", entry.id)[-1]
        charged = entry.new is None or entry.new["terms"]
        return not charged and happened["data"].get("total", "said") is None

    def _payment(self, fact: Fact) -> None:
        payment = fact.new
        assert payment is not None
        entry = self._books.items.get(("gateway", f"CHARGE#{fact.id}", "CHARGE"))
        captured, refunded = amount(entry, "captured"), amount(entry, "refunded")
        name = f"{fact.pk} is {payment['status']}; captured {captured}, refunded {refunded}"
        match payment["status"]:
            case "succeeded":
                recorded = payment["charge_reference"]
                same = captured > 0 and entry is not None and entry["reference"] == recorded
                require(same and captured == payment["amount"], ON_RECORD, name)
            case "refunded":
                named = entry is not None and entry["refund_reference"]
                same = captured > 0 and refunded == captured and captured == payment["amount"]
                require(same and named == payment["refund_reference"], ON_RECORD, name)
            case "failed":
                said = payment["failure_reason"], payment["failure_message"]
                why = entry is not None and (entry["reason"], entry["message"])
                require(captured == 0 and said == why, ON_RECORD, name)
            case "voided":
                none = payment["amount"] is None and payment["currency"] is None
                require(none and captured == refunded, ON_RECORD, name)
                return
        order = self._books.state("orders", "Order", fact.id)
        assert order is not None
        total = {each: payment[each] for each in ("amount", "currency")}
        same = total == order["total"] and payment["customer_id"] == order["customer_id"]
        require(same, ON_RECORD, f"{name}: {payment}; the order: {order}")
