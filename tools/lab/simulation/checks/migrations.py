"""A migration adds what it is for and touches nothing else; when it is done, all have it."""

from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import STATE, Commit, Item
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Errand

ADDS = "migrations: one adds what it is for, and changes nothing else"
ALL = "migrations: when they are done, everything has its place"
DRY = "migrations: a rehearsal writes nothing"

MIGRATE = "operations.run_migrations"
_LEDGER = "MIGRATION#"
_ADDED = frozenset(
    {
        *("category", "tags", "GSI2PK", "GSI2SK", "GSI3PK", "GSI3SK"),
        *("GSI1PK", "GSI1SK", "email_domain", "sought"),
    }
)


def after_step(commit: Commit) -> None:
    """Hold what a migration wrote to what was there."""
    for fact in commit.facts:
        if fact.pk.startswith(_LEDGER):
            continue
        require(fact.old is not None and fact.new is not None, ADDS, f"{fact}")
        assert fact.old is not None
        assert fact.new is not None
        names = {*fact.old, *fact.new}
        changed = {name for name in names if fact.old.get(name) != fact.new.get(name)}
        require(changed <= _ADDED, ADDS, f"{fact.pk} {fact.sk}: {changed}: {fact.new}")


def told(books: Books, errand: Errand) -> None:
    """Hold a rehearsal to its having no effect."""
    if errand.asked.get("dry_run"):
        effects = books.effects.get(errand.invocation, [])
        require(not effects, DRY, f"{dict(errand.asked)}: {effects}")


def check(books: Books) -> None:
    """Hold everything to its place in the lists, whether it was written there or migrated."""
    for order in books.states("orders", "Order"):
        place = f"{order['status']:<16}#{order['placed_at']}#{order['id']}"
        right = order.get("GSI3SK") == place and order["GSI3PK"] == order["GSI1PK"]
        require(right, ALL, f"{order['PK']} is at {order.get('GSI3SK')}, not at {place}")
    for user in books.states("identity", "User"):
        place = f"{user['created_at']}#{user['PK'].partition('#')[2]}"
        right = (user.get("GSI1PK"), user.get("GSI1SK")) == ("USERS", place)
        right = (
            right and user.get("sought") == f"{user['name'].casefold()}\n{user['email'].lower()}"
        )
        require(right, ALL, f"{user}; its place is {place}")
    for pk, _, entry in books.of_prefix("catalog", "PRODUCTS#"):
        price = entry["price"]
        place = f"{price['currency']}#{price['amount']:0{_DIGITS}d}#{entry['mnemonic']}"
        right = entry.get("GSI3SK") == place and entry["GSI3PK"] == pk
        require(right and _is_grouped(entry), ALL, f"{pk}: {entry}; its place is {place}")
    for (context, pk, sk), item in books.items.items():
        if context == "catalog" and pk.startswith("Product#") and sk == STATE:
            require(_is_grouped(item), ALL, f"{pk}: {item}")


def _is_grouped(item: Item) -> Any:
    return "category" in item and "tags" in item


_DIGITS = 16
