"""A password opens an account while it is the right one, and no other does."""

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Commit
from tools.lab.simulation.checks.requests import Requests
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending
from tools.lab.support.http_events import Caller

RIGHT = "passwords: who is let in has sent the one that was right"
WRONG = "passwords: who is told that theirs is wrong has sent another one"

LOG_IN, CHANGE = "identity.log_in", "identity.change_password"
_TAKES = {"user.registered": "password", "user.password_changed": "new_password"}
"""By event: where the request that made it has the password that is right from then on."""


class Passwords:
    """Knows everybody's password from what they have sent: nothing that is stored has it."""

    def __init__(self, books: Books, requests: Requests) -> None:
        self._books = books
        self._requests = requests
        self._taken: dict[str, list[tuple[int, str]]] = {}
        """By user: each password, with the number of the commit that made it right."""

    def after_step(self, commit: Commit) -> None:
        """Note whose password is another one from now on."""
        for event in commit.events:
            field = _TAKES.get(event.new["type"]) if event.new else None
            if field is not None:
                password = self._requests.all[commit.invocation].body[field]
                self._taken.setdefault(event.id, []).append((commit.number, password))

    def answered(self, pending: Pending) -> None:
        """Hold an answer to the passwords that were right while it was under way."""
        answer = pending.answer
        if answer is None or pending.function not in (LOG_IN, CHANGE):
            return
        field = "password" if pending.function == LOG_IN else "current_password"
        sent, right = pending.body[field], self._right(pending)
        what = f"{pending.path} ({pending.invocation}): {pending.body}"
        if answer.status == 200:
            replayed = "idempotency-replayed" in answer.headers
            require(replayed or sent in right, RIGHT, f"{what}; right was {right}")
        elif answer.status >= 400 and answer.code in ("INVALID_CREDENTIALS", "WRONG_PASSWORD"):
            require(right != [sent], WRONG, f"{what}; right was {right}")

    def _right(self, pending: Pending) -> list[str]:
        """Return what was right when the request was sent, and what has become so since."""
        taken = self._taken.get(self._user(pending), [])
        before = [password for number, password in taken if number < pending.started]
        return before[-1:] + [password for number, password in taken if number >= pending.started]

    def _user(self, pending: Pending) -> str:
        if isinstance(pending.caller, Caller):
            return pending.caller.user_id
        email = pending.body["email"].casefold()
        return next(
            (
                user["PK"].partition("#")[2]
                for user in self._books.states("identity", "User")
                if user["email"].casefold() == email
            ),
            "",
        )
