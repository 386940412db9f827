"""A success has happened, and is reported as it was."""

from collections.abc import Callable
from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import quantities
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.support.http_events import Caller

SUCCESS = "answers: a success has happened, and is reported as it was"


def check_success(books: Books, pending: Pending, data: Any, what: str) -> None:
    """Hold the *data* of a command's success to what was asked for and to what is stored."""
    check = _CHECKS.get(pending.function)
    if check is not None:
        check(books, pending, data, what)


def _customer(pending: Pending) -> str:
    return pending.caller.user_id if isinstance(pending.caller, Caller) else "nobody known"


def _placed(books: Books, pending: Pending, data: Any, what: str) -> None:
    order = books.history("orders", "Order", data["id"])
    require(order, SUCCESS, f"{what}; there is no such order")
    asked = quantities(pending.body["lines"])
    lines = {line["product_id"]: line["quantity"] for line in data["lines"]}
    fits = lines == asked and data["status"] == "pending" and data["version"] == 1
    fits = fits and data["customer_id"] == _customer(pending)
    require(fits, SUCCESS, f"{what}; asked for {asked}")


def _cancelled(books: Books, pending: Pending, data: Any, what: str) -> None:
    order_id = pending.path.split("/")[-2]
    order = books.state("orders", "Order", order_id)
    there = order is not None and order["status"] == "cancelled"
    fits = there and data["id"] == order_id and data["status"] == "cancelled"
    require(fits, SUCCESS, f"{what}; the order is {order and order['status']}")
    match, answer = pending.headers.get("If-Match"), pending.answer
    replayed = answer is not None and "idempotency-replayed" in answer.headers
    seen = f'"{data["version"] - 1}"'
    require(replayed or match in (None, seen), SUCCESS, f"{what} with If-Match {match}")


def _registered(books: Books, pending: Pending, data: Any, what: str) -> None:
    user = books.state("identity", "User", data["id"])
    fits = user is not None and user["email"].casefold() == pending.body["email"].casefold()
    require(fits, SUCCESS, f"{what}; there is {user}")


def _created(books: Books, pending: Pending, data: Any, what: str) -> None:
    product = books.state("catalog", "Product", data["id"])
    fits = product is not None and product["mnemonic"] == pending.body["mnemonic"]
    require(fits, SUCCESS, f"{what}; there is {product}")


def _updated(books: Books, pending: Pending, data: Any, what: str) -> None:
    """A change at the version in ``If-Match`` makes the next, or none if it changes nothing."""
    match = pending.headers.get("If-Match")
    if match is not None:
        seen = int(match.strip('"'))
        require(data["version"] in (seen, seen + 1), SUCCESS, f"{what} with If-Match {match}")
    for name, value in pending.body.items():
        require(data[name] == value, SUCCESS, f"{what}; {name} was to be {value}")


def _adjusted(books: Books, pending: Pending, data: Any, what: str) -> None:
    total = data["available"] + data["reserved"] + data["sold"]
    require(data["received"] == total, SUCCESS, what)


def _ruled(books: Books, pending: Pending, data: Any, what: str) -> None:
    subject = pending.path.split("/")[-1]
    history = books.history("catalog", "RuleBook", subject)
    rules = [event["data"]["rule"] for event in history]
    made = next((rule for rule in rules if rule["id"] == data["id"]), None)
    fits = made is not None and made["parameters"] == pending.body["parameters"]
    require(fits, SUCCESS, f"{what}; there is {made}")


def _rule_ended(books: Books, pending: Pending, data: Any, what: str) -> None:
    subject, rule_id = pending.path.split("/")[-3:-1]
    (book,) = [each for each in books.states("catalog", "RuleBook") if subject in each["PK"]]
    fits = data["ends_at"] is not None and rule_id not in {rule["id"] for rule in book["rules"]}
    require(fits, SUCCESS, f"{what}; in the book are {book['rules']}")


def _opened_or_shut(books: Books, pending: Pending, data: Any, what: str) -> None:
    """An account is as it was asked for, at the version that is told, at some time since."""
    user_id, verb = pending.path.split("/")[-2:]
    shown = books.shown_since("identity", "User", user_id, pending.started)
    states = {(state["active"], state["version"]) for state in shown}
    told = (data["is_active"], data["version"])
    fits = data["id"] == user_id and told in states and told[0] == (verb == "reactivate")
    require(fits, SUCCESS, f"{what}; there were {states}")


_CHECKS: dict[str, Callable[[Books, Pending, Any, str], None]] = {
    "orders.place_order": _placed,
    "orders.cancel_order": _cancelled,
    "identity.register": _registered,
    "identity.deactivate_user": _opened_or_shut,
    "identity.reactivate_user": _opened_or_shut,
    "catalog.create_product": _created,
    "catalog.update_product": _updated,
    "catalog.add_business_rule": _ruled,
    "catalog.end_business_rule": _rule_ended,
    "inventory.adjust_stock": _adjusted,
}
