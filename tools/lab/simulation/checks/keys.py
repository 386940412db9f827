"""The keys of access tokens: published before they sign, and for as long as a token is good."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Commit, Item
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending

EARLY = "keys: one is published an hour before it signs, and an hour after it did"
PUBLISHED = "keys: those are shown that are published, the one that signs first"
SIGNED = "keys: what signs a token is published"

_SECRET = "identity.SigningSecret"  # its name
_RING = ("identity", "KeyRing", "access-tokens")
_HOUR = timedelta(hours=1)
_ASTRAY = timedelta(seconds=3_000)
"""How wrong a container's clock may be."""


class Keys:
    """Follows the ring of keys."""

    def __init__(self, world: Any, books: Books) -> None:
        self._world = world
        self._books = books

    def after_step(self, commit: Commit) -> None:
        """Hold a change of the ring to the times in it."""
        for fact in commit.of("identity", "KeyRing"):
            assert fact.new is not None
            now = fact.new["keys"]
            known = {each["kid"] for each in now}
            signing = [each for each in now if each["signs_since"] and not each["retired_at"]]
            require(len(signing) == 1 and now[0] == signing[0], PUBLISHED, f"{now}")
            current = self._world.secrets.current(_SECRET)
            require(current in {each["version_id"] for each in now}, SIGNED, f"{current}: {now}")
            if fact.old is None:
                continue
            first = signing[0]
            ahead = _moment(first["signs_since"]) - _moment(first["published_at"])
            was_first = first["published_at"] == first["signs_since"]
            require(was_first or ahead >= _HOUR - 2 * _ASTRAY, EARLY, f"{first}")
            at = datetime.fromtimestamp(commit.now, tz=_moment(first["signs_since"]).tzinfo)
            for key in fact.old["keys"]:
                if key["kid"] not in known:
                    since = key["retired_at"] and at - _moment(key["retired_at"])
                    require(since and since >= _HOUR - 2 * _ASTRAY, EARLY, f"{key} at {at}")

    def answered(self, pending: Pending) -> None:
        """Hold the published set to the ring, and a new token to the published set."""
        answer = pending.answer
        if answer is None or answer.status != 200:
            return
        rings = self._books.shown_since(*_RING, pending.started)
        if pending.function == "identity.get_jwks":
            shown = [(each["kid"], each["x"]) for each in answer.json["keys"]]
            known = [[(key["kid"], key["x"]) for key in ring["keys"]] for ring in rings]
            require(shown in known, PUBLISHED, f"{shown}; published were {known}")
        elif pending.function == "identity.log_in" and rings:
            kid = _kid(answer.data["access_token"])
            published = {key["kid"] for ring in rings for key in ring["keys"]}
            require(kid in published, SIGNED, f"{kid}; published are {published}")


def _kid(token: str) -> str:
    head = token.partition(".")[0]
    found: Item = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return str(found["kid"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
