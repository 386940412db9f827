"""A list that is narrowed or sorted shows what the books have of that kind, in that order."""

import json
from datetime import datetime
from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.support.http_events import Caller

NARROWED = "lists: a list that is narrowed or sorted equals the books, page by page"

_LISTS = ("orders.list_my_orders", "catalog.list_products", "catalog.list_products_v2")
_PAGING = ("limit", "cursor", "include_total")


class Filters:
    """Collects the pages of lists that are narrowed or sorted, when all is at rest."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._open = False
        self._pages: dict[str, list[str]] = {}

    def open(self) -> None:
        """From now on what is read has to be complete."""
        self._open = True

    def answered(self, pending: Pending) -> None:
        """Hold what a reader has leafed through to the end to the books."""
        answer = pending.answer
        wanted = {name: value for name, value in pending.query.items() if name not in _PAGING}
        if not (self._open and wanted and pending.function in _LISTS) or answer is None:
            return
        require(answer.status == 200, NARROWED, f"{pending.path} {wanted}: {answer.status}")
        name = json.dumps([pending.function, str(pending.caller), wanted])
        if "cursor" not in pending.query:
            self._pages[name] = []
        read = self._pages[name]
        read += [each["id"] for each in answer.data["items"]]
        if answer.data["next_cursor"] is None:
            of = self._orders if pending.function == _LISTS[0] else self._products
            expected = of(pending, wanted)
            require(read == expected, NARROWED, f"{name}: {read}; in the books are {expected}")

    def _orders(self, pending: Pending, wanted: dict[str, str]) -> list[str]:
        caller = pending.caller
        assert isinstance(caller, Caller)
        found = [
            order
            for order in self._books.states("orders", "Order")
            if order["customer_id"] == caller.user_id and _is_wanted_order(order, wanted)
        ]
        return _sorted(found, wanted.get("sort", "-placed_at"))

    def _products(self, pending: Pending, wanted: dict[str, str]) -> list[str]:
        caller = pending.caller
        everything = isinstance(caller, Caller) and caller.role != "customer"
        found = [
            product
            for product in self._books.states("catalog", "Product")
            if (everything or not product["is_confidential"])
            and _is_wanted_product(product, wanted)
        ]
        return _sorted(found, wanted.get("sort", "-created_at"))


def _is_wanted_order(order: Any, wanted: dict[str, str]) -> bool:
    """Status is one of several; from a moment on, and before one."""
    placed = datetime.fromisoformat(order["placed_at"])
    return (
        ("status" not in wanted or order["status"] in wanted["status"].split(","))
        and ("placed_from" not in wanted or _moment(wanted["placed_from"]) <= placed)
        and ("placed_before" not in wanted or placed < _moment(wanted["placed_before"]))
    )


def _is_wanted_product(product: Any, wanted: dict[str, str]) -> bool:
    """Bounds of a price are both in it; a mnemonic's beginning is enough."""
    price = product["price"]
    return bool(
        product["category"] == wanted.get("category", product["category"])
        and ("tag" not in wanted or wanted["tag"] in product["tags"])
        and product["mnemonic"].startswith(wanted.get("mnemonic", ""))
        and price["currency"] == wanted.get("currency", price["currency"])
        and price["amount"] >= int(wanted.get("min_price", 0))
        and price["amount"] <= int(wanted.get("max_price", price["amount"]))
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _sorted(found: list[Any], order: str) -> list[str]:
    """Return the ids in an order that a list has; what is alike in it stands by name or by id."""
    name, descending = order.replace("-", ""), order.startswith("-")
    place = {
        "placed_at": lambda each: (each["placed_at"], each["id"]),
        "status": lambda each: (each["status"], each["placed_at"], each["id"]),
        "status,placed_at": lambda each: (each["status"], each["placed_at"], each["id"]),
        "created_at": lambda each: (each["created_at"], each["id"]),
        "mnemonic": lambda each: (each["mnemonic"],),
        "price": lambda each: (each["price"]["amount"], each["mnemonic"]),
    }[name]
    return [each["id"] for each in sorted(found, key=place, reverse=descending)]
