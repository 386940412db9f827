"""Of an e-mail address or a mnemonic there is one owner, and a claim always has an owner."""

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Commit
from tools.lab.simulation.checks.violation import require

ONE_OWNER = "unique: one owner"
CLAIMED = "unique: what is claimed belongs to somebody"

_OWNERS = {"EMAIL": ("identity", "User"), "mnemonic": ("catalog", "Product")}


class Unique:
    """Follows what must be unique, by the events that announce it and by the claims."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._taken: dict[tuple[str, str], str] = {}

    def after_step(self, commit: Commit) -> None:
        """Hold new users, products and claims to those there are."""
        for fact in commit.events:
            assert fact.new is not None
            if fact.new["type"] == "user.registered":
                self._take("e-mail", fact.new["data"]["email"].casefold(), fact.id)
            elif fact.new["type"] == "product.created":
                self._take("mnemonic", fact.new["data"]["mnemonic"], fact.id)
        for fact in commit.facts:
            if fact.kind == "UNIQUE" and fact.new is not None:
                owner = fact.new["owner"]
                before = fact.old["owner"] if fact.old else owner
                require(before == owner, ONE_OWNER, f"{fact.pk} went from {before} to {owner}")
                context, kind = _OWNERS[fact.id.partition("#")[0]]
                there = self._books.state(context, kind, owner) is not None
                require(there, CLAIMED, f"{fact.pk} belongs to {owner}, who does not exist")

    def _take(self, kind: str, value: str, owner: str) -> None:
        known = self._taken.setdefault((kind, value), owner)
        require(known == owner, ONE_OWNER, f"{kind} {value} has {known} and {owner}")
