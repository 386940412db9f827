"""A letter fits its event: kind, customer, amount and words."""

import re
from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Item
from tools.lab.simulation.checks.violation import broken, require

FITS = "letters: kind, amount and words fit the event and the order"
SENT = "letters: what is sent is what is on record, to the address there is"
SALES = "letters: what sales reads fits the order"

_SALES = "notifications.notify_sales"
_KINDS = {
    "user.registered": "welcome",
    "order.completed": "order_completed",
    "order.failed": "order_failed",
    "order.cancelled": "order_cancelled",
}
_PLACES = {"EUR": 2, "GBP": 2, "JPY": 0, "KWD": 3}
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_AMOUNT = re.compile(r"-?\d+(?:\.\d+)? [A-Z]{3}\b")
_NOT_CHARGED = "You have not been charged"
_GOES_BACK = "What you paid goes back in full"
_NO_CHARGE = "You will not be charged"
_FREE = "There is nothing to pay"
_BY = {"customer": "as you asked", "staff": "We are sorry: we have had to cancel"}


def check(world: Any, books: Books) -> None:
    """Hold what is on record to the events, and what was sent to what is on record."""
    events = {event["event_id"]: event for event in books.events}
    texts: set[tuple[str, str, str]] = set()
    for record in books.states("notifications", "Notification"):
        event = events[record["id"]]
        _record(books, record, event)
        user = event["data"].get("customer_id") or event["data"]["user_id"]
        address: Any = books.state("identity", "User", user)
        texts.add((address["email"], record["subject"], record["body"]))
    by_invocation = {delivery.invocation: delivery for delivery in world.deliveries}
    for mail in world.mails:
        delivery = by_invocation[mail.invocation]
        if delivery.consumer == _SALES:
            to = world.cloud.functions[_SALES].environment["SALES_EMAIL"]
            _sales(books, mail, to, [events[each] for each in delivery.event_ids])
            continue
        sent = mail.to, re.sub(r" \[[0-9A-F]{8}\]$", "", mail.subject), mail.body
        require(sent in texts, SENT, f"{mail} in {delivery}")


def _record(books: Books, record: Item, event: Item) -> None:
    body, name = record["body"], f"{record['subject']}: {record['body']!r} about {event}"
    require(record["kind"] == _KINDS[event["type"]], FITS, name)
    order_id = event["data"].get("order_id")
    require(set(_ID.findall(body)) == ({order_id} if order_id else set()), FITS, name)
    if order_id is None:
        return
    order: Any = books.state("orders", "Order", order_id)
    total = order["total"]
    charged = event["type"] == "order.completed" and total["amount"] > 0
    amounts = [money(total)] if charged else []
    require(_AMOUNT.findall(body) == amounts, FITS, f"{name}; it came to {total}")
    said = {words for words in (_NOT_CHARGED, _GOES_BACK, _NO_CHARGE, _FREE) if words in body}
    require(said == _of_money(books, event, order), FITS, f"{name}; the order: {order}")
    match event["type"]:
        case "order.failed":
            require(_why(event["data"], body), FITS, name)
        case "order.cancelled":
            mine = event["actor"] == order["customer_id"]
            known = event["data"].get("cancelled_by") is not None
            words = _BY["customer" if mine else "staff"]
            require(words in body or not known, FITS, f"{name}; by {event['actor']}")


def _of_money(books: Books, event: Item, order: Item) -> set[str]:
    """Return what has to be said of money, and nothing else of that kind may be."""
    before = [
        each["type"]
        for each in books.history("orders", "Order", order["id"])
        if each["version"] < event["version"]
    ]
    free = order["total"]["amount"] == 0
    match event["type"]:
        case "order.failed":
            return {_NOT_CHARGED}
        case "order.completed":
            return {_FREE} if free else set()
    paid = "order.completed" in before
    if free and event["data"].get("total") is not None:
        return set()
    if free:  # an event of before did not say so: nobody can tell any more
        paid = event["data"]["paid"]
    return {_GOES_BACK} if paid else {_NO_CHARGE}


def _why(data: Item, body: str) -> bool:
    """Tell whether it says what is short, line by line, or the payment's reason."""
    if not data["shortages"]:
        return data["message"] in body
    lines = [
        f"- {each['mnemonic']}: you asked for {each['requested']}, "
        + (f"we have {each['available']}" if each["available"] else "we have none left")
        for each in data["shortages"]
    ]
    return [line for line in body.splitlines() if line.startswith("- ")] == lines


def _sales(books: Books, mail: Any, to: str, events: list[Item]) -> None:
    for event in events:
        data = event["data"]
        order: Any = books.state("orders", "Order", data["order_id"])
        ids = {data["order_id"], order["customer_id"]}
        amount = money(order["total"])
        fits = set(_ID.findall(mail.body)) == ids and _AMOUNT.findall(mail.body) == [amount]
        if fits and _AMOUNT.findall(mail.subject) == [amount] and mail.to == to:
            return
    broken(SALES, f"{mail}; it was about {events}")


def money(of: Item) -> str:
    """Return an amount as people read it."""
    places = _PLACES[of["currency"]]
    digits = f"{of['amount']:0{places + 1}d}"
    number = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"{number} {of['currency']}"
