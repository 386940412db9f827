"""What is kept for readers equals what the events make of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Item
from tools.lab.simulation.checks.violation import require

REBUILT = "read models: equal a rebuild from events"

_STATUS_AFTER = {
    "order.placed": "pending",
    "order.reserved": "reserved",
    "order.paid": "paid",
    "order.completed": "paid",
    "order.cancelled": "cancelled",
}


def check(books: Books) -> None:
    """Fold the events anew and hold what is stored to the outcome."""
    for order in books.states("orders", "Order"):
        _same(order, _order(books.history("orders", "Order", order["id"])))
    for product in books.states("catalog", "Product"):
        _same(product, _product(books.history("catalog", "Product", product["id"])))
    for _, _, entry in books.of_prefix("catalog", "PRODUCTS#"):
        state = books.state("catalog", "Product", entry["id"])
        assert state is not None
        _same(entry, {n: v for n, v in state.items() if not n.startswith(("PK", "SK", "GSI"))})
    for book in books.states("catalog", "RuleBook"):
        rules = _rules(books, book["PK"].partition("#")[2])
        _same(book, {"rules": rules})
    for event in books.events:
        if event["type"] == "user.registered":
            _user(books, event["data"])


def _order(history: Sequence[Item]) -> Mapping[str, Any]:
    order: dict[str, Any] = {"failure": None, "version": len(history)}
    for event in history:
        data = event["data"]
        order["updated_at"] = event["occurred_at"]
        order["status"] = _STATUS_AFTER.get(event["type"], order.get("status"))
        if event["type"] == "order.placed":
            order["placed_at"] = event["occurred_at"]
            order |= {name: data[name] for name in ("customer_id", "lines", "total")}
            order["payment_method"] = data["payment_method"]
        elif event["type"] == "order.failed":
            order["status"] = data["status"]
            order["failure"] = {name: data[name] for name in ("reason", "message", "shortages")}
    return order


def _product(history: Sequence[Item]) -> Mapping[str, Any]:
    first, *changes = history
    product = {name: value for name, value in first["data"].items() if name != "product_id"}
    for event in changes:
        product |= event["data"].get("changes", {})
    return {**product, "version": len(history)}


def _rules(books: Books, subject: str) -> Sequence[Item]:
    """Return the rules of a book; the list of all rules has each as of its last event."""
    rules: dict[str, Item] = {}
    listed = {entry["id"]: entry for _, _, entry in books.of_prefix("catalog", f"RULES#{subject}")}
    for event in books.history("catalog", "RuleBook", subject):
        rule = event["data"]["rule"]
        _same(listed[rule["id"]], {name: rule[name] for name in ("field", "parameters")})
        if event["type"] == "business_rule.added":
            rules[rule["id"]] = rule
        else:
            del rules[rule["id"]]
            _same(listed[rule["id"]], rule)
    return list(rules.values())


def _user(books: Books, data: Mapping[str, Any]) -> None:
    known = {"name": data["name"], "email": data["email"]}
    for context, kind in (("identity", "User"), ("notifications", "Contact")):
        state = books.state(context, kind, data["user_id"])
        require(state is not None, REBUILT, f"{context} knows no {kind} {data['user_id']}")
        assert state is not None
        _same(state, known)


def _same(stored: Item, rebuilt: Mapping[str, Any]) -> None:
    for name, value in rebuilt.items():
        found = stored.get(name)
        message = f"{stored['PK']} {stored['SK']}: {name} is {found}, events say {value}"
        require(found == value, REBUILT, message)
