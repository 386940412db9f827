"""A product's details are those of one moment while they were read, whatever a cache has kept."""

from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Item
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending

DETAILS = "details: a product is shown as it was while it was read, with its prices and its stock"


def check(books: Books, pending: Pending, product_id: str, data: Any) -> None:
    """Hold the answer to the product's states there were, its history and its stock.

    *data* is ``None`` for a product that was not found.
    """
    shown = books.shown_since("catalog", "Product", product_id, pending.started)
    there = books.existed_at("catalog", "Product", product_id, pending.started)
    name = f"{pending.path} ({pending.invocation}): {data}; there were {shown}"
    if data is None:
        hidden = any(state["is_confidential"] for state in shown)
        require(hidden or not there, DETAILS, name)
        return
    states = [s for s in shown if s["version"] == data["version"] and not s["is_confidential"]]
    require(states, DETAILS, name)
    for state in states:
        same = all(state[each] == data[each] for each in data if each in state)
        require(same, DETAILS, name)
    history = books.history("catalog", "Product", product_id)[: data["version"]]
    prices = _prices(history)
    require(data["price_history"] == prices, DETAILS, f"{name}; it cost {prices}")
    stocks = books.shown_since("inventory", "Stock", product_id, pending.started)
    known: list[Any] = [{"available": each["available"]} for each in stocks]
    if not books.existed_at("inventory", "Stock", product_id, pending.started):
        known.append(None)
    require(data["stock"] in known, DETAILS, f"{name}; on offer were {known}")


def _prices(history: list[Item]) -> list[Item]:
    """Return every price that the public has seen, and since when: each is told once in a row."""
    seen: list[Item] = []
    price: Item = {}
    hidden = False
    for event in history:
        now = event["data"].get("changes", event["data"])
        price, hidden = now.get("price", price), now.get("is_confidential", hidden)
        before = {name: seen[-1][name] for name in price} if seen else None
        if not hidden and price != before:
            seen.append({**price, "since": event["occurred_at"]})
    return seen
