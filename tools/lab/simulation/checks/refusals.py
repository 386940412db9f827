"""A refusal has its reason: what it names was so while the request was carried out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Item, quantities
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.client import IN_FLIGHT
from tools.lab.simulation.workload.ports import Pending
from tools.lab.simulation.world.templates import deployed
from tools.lab.support.http_events import Caller

REASON = "answers: a refusal has its reason"

_FREE_FAILURES = 4
_ENDED = frozenset({"cancelled", "payment_failed", "rejected"})


def check_reason(books: Books, pending: Pending, code: str) -> None:
    """Hold the refusal of a command to what its reader may have seen."""
    what = f"{pending.method} {pending.path} ({pending.invocation}): {pending.body}"
    if pending.function.endswith(".unmatched"):
        require(code == _nowhere(pending), REASON, f"{what} got {code}")
        return
    if code in _ANYWHERE or (pending.method == "GET" and code.endswith("_NOT_FOUND")):
        return
    if pending.authorized is not None and code in _OF_TOKENS:
        return
    reason = _REASONS.get((pending.function, code))
    require(reason is not None, REASON, f"{what} got {code}, of which no reason is known")
    assert reason is not None
    require(reason(books, pending), REASON, f"{what} got {code}")


def _nowhere(pending: Pending) -> str:
    """Return what is said of an address that no route has, or has with other methods only."""
    known = any(route.pattern.fullmatch(pending.path) for route in deployed().routes)
    return "METHOD_NOT_ALLOWED" if known else "NOT_FOUND"


def _has_ended(books: Books, pending: Pending) -> bool:
    return any(state["status"] in _ENDED for state in _orders(books, pending))


def _shops_only(_: Books, pending: Pending) -> bool:
    return isinstance(pending.caller, Caller) and pending.caller.role == "customer"


def _paid_long_ago(books: Books, pending: Pending) -> bool:
    """Tell whether it was paid a day ago, by a clock that may go wrong by an hour."""
    now = datetime.fromtimestamp(pending.answered_at or 0.0, UTC) + timedelta(hours=1)
    return isinstance(pending.caller, Caller) and pending.caller.role != "admin" and any(
        state["status"] == "paid"
        and now - datetime.fromisoformat(state["updated_at"]) >= timedelta(days=1)
        for state in _orders(books, pending)
    )  # fmt: skip


def _not_theirs(books: Books, pending: Pending) -> bool:
    caller = pending.caller
    shown = _orders(books, pending)
    theirs = isinstance(caller, Caller) and (
        caller.role == "admin" or any(s["customer_id"] == caller.user_id for s in shown)
    )
    return not (shown and theirs)


def _not_on_sale(books: Books, pending: Pending) -> bool:
    """Tell whether any of the products was hidden or not there for a while."""
    for line in pending.body.get("lines") or [pending.body["candidate"]]:
        shown = books.shown_since("catalog", "Product", line["product_id"], pending.started)
        if not shown or any(state["is_confidential"] for state in shown):
            return True
    return False


def _costs_other(books: Books, pending: Pending) -> bool:
    """Tell whether what the customer says they saw was not so, of any product, for a while."""
    shown = [
        books.shown_since("catalog", "Product", line["product_id"], pending.started)
        for line in pending.body["lines"]
    ]
    lines = list(zip(pending.body["lines"], shown, strict=True))
    expected = pending.body.get("expected_total")
    if expected is not None:
        low, high = (
            sum(line["quantity"] * some(each["price"]["amount"] for each in states)
                for line, states in lines)
            for some in (min, max)
        )  # fmt: skip
        currencies = {state["price"]["currency"] for _, states in lines for state in states}
        if not low == high == expected["amount"] or currencies != {expected["currency"]}:
            return True
    return any(
        line.get("product_version") not in (None, state["version"])
        for line, states in lines
        for state in states
    )


def _costs_and_names_no_card(books: Books, pending: Pending) -> bool:
    """Tell whether any of the products cost something for a while, and no card was named."""
    return pending.body.get("payment_method") is None and any(
        state["price"]["amount"] > 0
        for line in pending.body["lines"]
        for state in books.shown_since("catalog", "Product", line["product_id"], pending.started)
    )


def _ruled_out(books: Books, pending: Pending) -> bool:
    """Tell whether a line was larger than a rule ever allowed, or not by its multiples."""
    rules = [entry for _, _, entry in books.of_prefix("catalog", "RULES#order_line")]
    wanted = quantities(pending.body["lines"])
    return any(
        quantity > rule["parameters"]["max"]
        if rule["kind"] == "range"
        else quantity % rule["parameters"] != 0
        for rule in rules
        for quantity in wanted.values()
    )


def _too_few(books: Books, pending: Pending) -> bool:
    product_id = pending.path.split("/")[-2]
    shown = books.shown_since("inventory", "Stock", product_id, pending.started)
    wanted = -pending.body["quantity"]
    return not shown or any(state["available"] < wanted for state in shown)


def _hidden(books: Books, pending: Pending) -> bool:
    """Tell whether the product of that stock was confidential for a while, or not there."""
    product_id = pending.path.split("/")[-2]
    shown = books.shown_since("catalog", "Product", product_id, pending.started)
    return not shown or any(state["is_confidential"] for state in shown)


def _moved_on(books: Books, pending: Pending) -> bool:
    product_id = pending.path.split("/")[-1]
    shown = books.shown_since("catalog", "Product", product_id, pending.started)
    return any(f'"{state["version"]}"' != pending.headers.get("If-Match") for state in shown)


def _order_moved_on(books: Books, pending: Pending) -> bool:
    tag = pending.headers.get("If-Match")
    return any(f'"{state["version"]}"' != tag for state in _orders(books, pending))


def _named_already(books: Books, pending: Pending) -> bool:
    name = pending.body["mnemonic"]
    return any(product["mnemonic"] == name for product in books.states("catalog", "Product"))


def _registered_already(books: Books, pending: Pending) -> bool:
    return bool(_accounts(books, pending.body["email"]))


def _was_locked_out(books: Books, pending: Pending) -> bool:
    """Tell whether the account was deactivated while the log-in was under way."""
    return any(
        not state["active"]
        for user in _accounts(books, pending.body["email"])
        for state in books.shown_since("identity", "User", user, pending.started)
    )


def _accounts(books: Books, email: str) -> set[str]:
    """Return the ids of those with that address: one, or none."""
    return {
        user["PK"].partition("#")[2]
        for user in books.states("identity", "User")
        if user["email"].casefold() == email.casefold()
    }


def _no_session(books: Books, pending: Pending) -> bool:
    """Tell whether the caller has no such session: one that has ended never comes back."""
    assert isinstance(pending.caller, Caller)
    rights = books.items["identity", f"User#{pending.caller.user_id}", "ACCESS"]
    return pending.path.split("/")[-1] not in rights["sessions"]


def _locked_out(books: Books, _: Pending) -> bool:
    """Tell whether somebody has failed five times in a row, with or without an account."""
    throttles = books.states("identity", "LoginThrottle")
    return any(state["failures"] > _FREE_FAILURES for state in throttles)


def _log_in_is_spent(books: Books, pending: Pending) -> bool:
    """Tell whether a session of theirs has ended or gone on: only then is an answer spent."""
    users = [f"User#{user}" for user in _accounts(books, pending.body["email"])]
    begun = [each for each in books.events if each["type"] == "session.started"]
    rights = [books.items["identity", user, "ACCESS"] for user in users]
    alive = {session: live for each in rights for session, live in each["sessions"].items()}
    return any(
        each["aggregate_id"] not in alive or alive[each["aggregate_id"]]["generation"] > 1
        for each in begun
        if f"User#{each['data']['user_id']}" in users
    )


def _currencies_differ(books: Books, pending: Pending) -> bool:
    lines = pending.body["lines"]
    shown = [
        books.shown_since("catalog", "Product", each["product_id"], pending.started)
        for each in lines
    ]
    return len({state["price"]["currency"] for states in shown for state in states}) > 1


def _orders(books: Books, pending: Pending) -> list[Item]:
    return books.shown_since("orders", "Order", pending.path.split("/")[-2], pending.started)


_ANYWHERE = frozenset(
    {
        IN_FLIGHT,
        "IDEMPOTENCY_KEY_REUSED",
        "STALE_AGGREGATE",
        "PRICE_CHANGE_TOO_LARGE",
        "INVALID_REFRESH_TOKEN",
        "INVALID_TOKEN",
        "INVALID_CREDENTIALS",
        "WRONG_PASSWORD",
    }
)
"""Refusals that other checks look at: `answers`, `prices`, `sessions`, `authorized`, `passwords`,
and `reads` at what is not found.
"""

_OF_TOKENS = frozenset({"PERMISSION_DENIED", "RECENT_LOGIN_REQUIRED"})
"""… and as `rights` at these, of whoever came with a token."""


def _made_already(books: Books, pending: Pending) -> bool:
    """Tell whether this user has made the key that the answer names."""
    assert pending.answer is not None
    named = pending.answer.json["error"]["details"]["key_id"]
    events = books.history("identity", "ApiKey", named)
    caller = pending.caller
    return isinstance(caller, Caller) and any(
        event["data"]["user_id"] == caller.user_id for event in events
    )


def _has_enough_keys(books: Books, pending: Pending) -> bool:
    """Tell whether the caller had twenty keys, at whatever time."""
    caller, had, most = pending.caller, 0, 0
    for event in books.events:
        if (
            event["type"] in ("api_key.created", "api_key.revoked")
            and isinstance(caller, Caller)
            and event["data"]["user_id"] == caller.user_id
        ):
            had += 1 if event["type"] == "api_key.created" else -1
            most = max(most, had)
    return most >= 20  # written a second time, on purpose


def _asks_for_many_keys(books: Books, pending: Pending) -> bool:
    """Tell whether the caller has asked for thirty keys in an hour."""
    caller = pending.caller
    assert isinstance(caller, Caller)
    prefix = f"RATE#API-keys#user:{caller.user_id}#"
    return any(item["taken"] >= 30 for *_, item in books.of_prefix("identity", prefix))


def _key_is_gone(books: Books, pending: Pending) -> bool:
    events = books.history("identity", "ApiKey", pending.path.rpartition("/")[2])
    return not events or events[-1]["type"] == "api_key.revoked"


_REASONS: dict[tuple[str, str], Callable[[Books, Pending], bool]] = {
    ("orders.cancel_order", "INVALID_STATE"): _has_ended,
    ("orders.cancel_order", "CANCELLATION_PERIOD_OVER"): _paid_long_ago,
    ("orders.cancel_order", "PRECONDITION_FAILED"): _order_moved_on,
    ("orders.cancel_order", "ORDER_NOT_FOUND"): _not_theirs,
    ("orders.place_order", "PRODUCT_NOT_FOUND"): _not_on_sale,
    ("catalog.validate_against_rules", "PRODUCT_NOT_FOUND"): _not_on_sale,
    ("orders.place_order", "BROKEN_RULES"): _ruled_out,
    ("orders.place_order", "PRICE_CHANGED"): _costs_other,
    ("orders.place_order", "PAYMENT_METHOD_REQUIRED"): _costs_and_names_no_card,
    ("orders.place_order", "MIXED_CURRENCIES"): _currencies_differ,
    ("inventory.adjust_stock", "INSUFFICIENT_STOCK"): _too_few,
    ("inventory.adjust_stock", "PRODUCT_NOT_FOUND"): _hidden,
    ("inventory.get_stock", "PERMISSION_DENIED"): _shops_only,
    ("catalog.update_product", "PRECONDITION_FAILED"): _moved_on,
    ("catalog.update_product_v2", "PRECONDITION_FAILED"): _moved_on,
    ("catalog.create_product", "MNEMONIC_TAKEN"): _named_already,
    ("catalog.create_product_v2", "MNEMONIC_TAKEN"): _named_already,
    ("identity.log_in", "LOG_IN_SPENT"): _log_in_is_spent,
    ("identity.log_in", "ACCOUNT_DEACTIVATED"): _was_locked_out,
    ("identity.change_password", "TOO_MANY_ATTEMPTS"): _locked_out,
    ("identity.end_session", "SESSION_NOT_FOUND"): _no_session,
    ("identity.log_in", "TOO_MANY_ATTEMPTS"): _locked_out,
    ("identity.register", "EMAIL_TAKEN"): _registered_already,
    ("identity.create_api_key", "API_KEY_SHOWN"): _made_already,
    ("identity.create_api_key", "TOO_MANY_API_KEYS"): _has_enough_keys,
    ("identity.create_api_key", "RATE_LIMIT_EXCEEDED"): _asks_for_many_keys,
    ("identity.revoke_api_key", "API_KEY_NOT_FOUND"): _key_is_gone,
}
