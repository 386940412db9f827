"""A price moves by a fifth in a day and no further, unless an administrator moves it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Commit
from tools.lab.simulation.checks.requests import Requests
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.simulation.world.faults import Fault
from tools.lab.support.http_events import Caller

WITHIN = "prices: a change without product:admin stays within 20 % of the price 24 hours before"
REFUSED = "prices: only a change that goes too far is refused for that"

UPDATES = ("catalog.update_product", "catalog.update_product_v2")
_DAY = timedelta(days=1)
_ASTRAY = timedelta(seconds=3_000)
"""How wrong a container's clock may be, once any is."""
_ROUNDED = timedelta(milliseconds=1)
"""Times on record are whole milliseconds."""


class Prices:
    """Follows the price of every product through time."""

    def __init__(self, world: Any, books: Books, requests: Requests) -> None:
        self._world = world
        self._books = books
        self._requests = requests

    def after_step(self, commit: Commit) -> None:
        """Hold a change of a price to who made it, and to what it was a day before."""
        for fact in commit.of("catalog", "Product"):
            pending = self._requests.all.get(commit.invocation)
            if fact.old is None or pending is None or fact.new is None or _is_admin(pending):
                continue
            price = fact.new["price"]
            if price == fact.old["price"]:
                continue
            at = datetime.fromisoformat(fact.new["updated_at"])
            bases = self._bases(fact.id, at, at, before=fact.new["version"])
            near = any(_is_near(price, base) for base in bases)
            name = f"{fact.pk}: {price} at {at}; a day before it was {bases}"
            require(near, WITHIN, name)

    def answered(self, pending: Pending) -> None:
        """Hold the refusal of a price to what a day before may have been."""
        answer = pending.answer
        if answer is None or answer.status != 403 or answer.code != "PRICE_CHANGE_TOO_LARGE":
            return
        asked = datetime.fromtimestamp(pending.asked_at, UTC) - _ROUNDED
        now = datetime.fromtimestamp(pending.answered_at or 0.0, UTC)
        product_id = pending.path.split("/")[-1]
        price = pending.body["price"]
        bases = self._bases(product_id, asked, now)
        far = any(not _is_near(price, base) for base in bases)
        name = f"{pending.path} at {price} by {pending.caller}; a day before it was {bases}"
        require(far and not _is_admin(pending), REFUSED, name)

    def _bases(
        self, product_id: str, since: datetime, until: datetime, *, before: int | None = None
    ) -> list[Any]:
        """Return what it cost a day before *since* to *until*: at first, if it is younger.

        Where clocks were wrong, a change may be held to what it was somewhat before or after.
        """
        astray = _ASTRAY if self._world.faults.counts[Fault.CLOCK_JUMP] else timedelta()
        low, high = since - _DAY - 2 * astray, until - _DAY + 2 * astray
        found: list[Any] = []
        price: Any = None
        # By the time of the change: its event is of the attempt that went well, seconds later.
        for state in self._books.shown_since("catalog", "Product", product_id, 0):
            if state["version"] == before:
                break
            if state["price"] == price:
                continue
            price = state["price"]
            at = datetime.fromisoformat(state.get("updated_at") or state["created_at"])
            if at > high and found:
                break
            if at <= low:
                found.clear()
            found.append(price)
        return found


def _is_near(price: Any, base: Any) -> bool:
    """Tell whether it is within a fifth of the base, exactly, in its currency."""
    moved: int = abs(price["amount"] - base["amount"])
    return bool(price["currency"] == base["currency"] and 5 * moved <= base["amount"])


def _is_admin(pending: Pending) -> bool:
    caller = pending.caller
    return isinstance(caller, Caller) and (
        caller.role == "admin" or "product:admin" in caller.grants
    )
