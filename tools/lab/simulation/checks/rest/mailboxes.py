"""A mailbox gets so many welcomes a day, in whatever spelling of its address."""

from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.world.faults import Fault

FULL = "mailboxes: one gets at most three welcomes a day"
ROOM = "mailboxes: one that has room gets its welcome"

_WELCOMES = 3
_WELCOME = "Welcome to Tradewind"
_SOON = 3_600.0
"""Seconds within which all that came is of one day: days are the mailbox's own."""
_UNCOUNTED = "rate limit not counted"


def check(world: Any, books: Books) -> None:
    """Count the welcomes of every mailbox: those that were sent, and those that were not."""
    if world.faults.counts[Fault.CLOCK_JUMP]:
        return  # a container that is an hour ahead may be in another day
    uncounted = sum(message == _UNCOUNTED for _, message, _ in world.errors)
    sent: dict[str, list[float]] = {}
    for mail in world.mails:
        if mail.subject == _WELCOME:
            sent.setdefault(mailbox_of(mail.to), []).append(mail.sent_at)
    for mailbox, times in sent.items():
        soon = sum(each - times[0] < _SOON for each in times)
        name = f"{mailbox} got {soon} welcomes; {uncounted} could not be counted"
        require(soon <= _WELCOMES + uncounted, FULL, name)
    if world.faults.injected:
        return  # what the SDK sends twice is counted twice
    for record in books.states("notifications", "Notification"):
        if record["kind"] == "welcome":
            user: Any = books.state("identity", "User", record["user_id"])
            mailbox = mailbox_of(user["email"])
            refused = any(each["status"] == "failed" for each in record["channels"])
            full = len(sent.get(mailbox, ())) >= _WELCOMES
            require(full or not refused, ROOM, f"{mailbox}: {record}")


def mailbox_of(address: str) -> str:
    """Return where mail to *address* arrives with most providers."""
    local, _, domain = address.casefold().partition("@")
    return f"{local.split('+')[0].replace('.', '')}@{domain}"
