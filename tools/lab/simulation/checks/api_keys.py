"""API keys: each made with its event, under a number of its own, and gone for good with one."""

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Commit, Fact
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending

MADE = "API keys: one is made with its event, and ends with its event"
NUMBER = "API keys: a number names one key, for ever"
ENOUGH = "API keys: there are at most twenty of one user"
REVOKED = "API keys: who is told that a key is revoked has it no more"
SHOWN = "API keys: one is shown once"
USED = "API keys: one opens something from its making on until it is revoked, and no longer"
MOST = 20


class ApiKeys:
    """Follows every key from the rights of its owner.

    Events name a key by its id, the rights by its number; what comes of both is one key.
    """

    def __init__(self, books: Books) -> None:
        self._books = books
        self._made: dict[str, set[str]] = {}
        """Owner → the numbers there have been."""
        self._shown: set[str] = set()
        self._ended: dict[str, int] = {}
        """Key → the number of the commit that revoked it."""

    def after_step(self, commit: Commit) -> None:
        """Hold what changed of somebody's rights to the events beside it."""
        told = {
            kind: [f for f in commit.events if f.new is not None and f.new["type"] == kind]
            for kind in ("api_key.created", "api_key.revoked")
        }
        self._ended |= {fact.id: commit.number for fact in told["api_key.revoked"]}
        made = ended = 0
        for fact in commit.facts:
            if fact.context == "identity" and fact.sk == "ACCESS":
                more, less = self._changed(fact)
                made, ended = made + more, ended + less
        require(made == len(told["api_key.created"]), MADE, f"{made} are made, with {told}")
        require(ended == len(told["api_key.revoked"]), MADE, f"{ended} ended, with {told}")

    def _changed(self, fact: Fact) -> tuple[int, int]:
        """Return how many keys came and went."""
        before = (fact.old or {}).get("api_keys", {})
        after = (fact.new or {}).get("api_keys", {})
        require(len(after) <= MOST, ENOUGH, f"{fact.pk} has {len(after)}")
        known = self._made.setdefault(fact.id, set())
        more = after.keys() - before.keys()
        again = known & more
        require(not again, NUMBER, f"{fact.pk} has {again} again")
        other = {each for each in before.keys() & after.keys() if before[each] != after[each]}
        require(not other, NUMBER, f"{fact.pk} has others as {other}")
        known |= more
        return len(more), len(before.keys() - after.keys())

    def answered(self, pending: Pending) -> None:
        """Hold what a client is told of a key to what is so."""
        self._used(pending)
        answer = pending.answer
        if answer is None or answer.status >= 300:
            return
        if pending.function == "identity.create_api_key":
            secret = answer.data["api_key"]
            require(secret not in self._shown, SHOWN, f"{answer.data['id']} is shown again")
            self._shown.add(secret)
        if pending.function == "identity.revoke_api_key":
            events = self._books.history("identity", "ApiKey", answer.data["id"])
            over = [each["type"] for each in events][-1:] == ["api_key.revoked"]
            require(over, REVOKED, f"{pending.path} ({pending.invocation}): {events}")

    def _used(self, pending: Pending) -> None:
        """Hold what the authorizer says of a key to what was so while it was asked."""
        said, key = pending.authorized, key_of(pending)
        if said is None or not key:
            return
        what = f"{pending.path} ({pending.invocation}) with {key}, authorized as {said},"
        ended = self._ended.get(key)
        match said["kind"]:
            case "user":
                late = ended is not None and ended < pending.started
                right = said.get("principal") == "api_key" and said["api_key_id"] == key
                require(right and not late, USED, what)
            case "invalid":
                require(ended is not None, USED, what)
            case _:
                require(pending.faults, USED, f"{what} and nothing had failed")


def key_of(pending: Pending) -> str:
    """Return the id of the API key that a request comes with, or an empty text."""
    prefix, _, rest = pending.headers.get("Authorization", "").partition("tw_test_")
    return rest.partition("_")[0] if prefix == "Bearer " else ""
