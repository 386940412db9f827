"""A flag does what it says, as soon as it is promised, and is published as it was set."""

from collections.abc import Mapping
from typing import Any

from tools.lab.simulation.checks.books import Books, version_of
from tools.lab.simulation.checks.facts import Commit, Fact, Item
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.ports import Pending

OBEYED = "flags: a mail is sent to those for whom its flag is on, and to nobody else"
PUBLISHED = "flags: what is set is what functions are given"
LISTED = "flags: a list shows each as it is set"

MAILS, ALERTS = "customer_mails", "sales_alerts"
_LAG = 120.0
"""Seconds: thirty that a function may go on with what it knows, and what it may take to commit."""


class Flags:
    """Follows what is on record of letters, and what was live of the flags."""

    def __init__(self, world: Any, books: Books) -> None:
        self._configurations = world.configurations
        self._books = books

    def after_step(self, commit: Commit) -> None:
        """Hold a new notification to the flag as its function may have known it."""
        for fact in commit.of("notifications", "Notification"):
            if fact.old is None and fact.new is not None:
                by_mail = any(each["channel"] == "email" for each in fact.new["channels"])
                self._obeyed(commit, MAILS, fact.new["user_id"], fact, is_on=by_mail)
        for fact in commit.of("notifications", "LargeOrder"):
            if fact.old is None:
                self._obeyed(commit, ALERTS, "sales", fact, is_on=True)

    def answered(self, pending: Pending) -> None:
        """Hold a list of flags to how they were set."""
        answer = pending.answer
        if answer is None or pending.function != "operations.list_flags" or answer.status != 200:
            return
        for shown in answer.data:
            known = self._books.shown_since("operations", "Flag", shown["name"], pending.started)
            settings = [{**state["setting"], "version": state["version"]} for state in known]
            there = self._books.existed_at("operations", "Flag", shown["name"], pending.started)
            fits = any(all(s[name] == shown[name] for name in _SHOWN) for s in settings)
            unset = shown["version"] == 0 and shown["enabled"] and not there
            require(fits or unset, LISTED, f"{shown}; there were {settings}")

    def may_be_off(self, name: str) -> bool:
        """Tell whether anybody could ever have been told that a flag is off."""
        configurations = self._configurations
        return configurations.unread or any(
            name in each.document for each in configurations.deployed
        )

    def at_rest(self) -> None:
        """Hold what is live to the flags as they were last set."""
        last: dict[str, Any] = {}
        for event in self._books.events:
            if event["type"] == "flag.changed":
                known = last.get(event["data"]["name"])
                if known is None or version_of(known["SK"]) < version_of(event["SK"]):
                    last[event["data"]["name"]] = event
        if not last:
            return
        document = self._configurations.deployed[-1].document
        require(document.keys() == last.keys(), PUBLISHED, f"{document}; set were {last}")
        for name, event in last.items():
            setting = event["data"]["after"]
            users = [*setting["users_on"], *setting["users_off"], "somebody else"]
            told = {user: on_for(document, name, user) for user in users}
            wanted = {
                user: user in setting["users_on"]
                or (setting["enabled"] and user not in setting["users_off"])
                for user in users
            }
            require(told == wanted, PUBLISHED, f"{name}: {document[name]} of {setting}")

    def _obeyed(self, commit: Commit, name: str, user: str, fact: Fact, *, is_on: bool) -> None:
        configurations = self._configurations
        if configurations.unread:
            return
        first = configurations.live(commit.now - _LAG)
        last = configurations.live(commit.now)
        known = configurations.deployed[first : last + 1]
        answers = {on_for(each.document, name, user) for each in known}
        require(is_on in answers, OBEYED, f"{fact.pk} is {is_on} for {user}; {name} was {answers}")


def on_for(document: Mapping[str, Any], name: str, user: str) -> bool:
    """Evaluate a document as Powertools' users read it: the first rule that matches decides.

    Of its actions only the one that is used here, a user among those named.
    """
    feature: Item | None = document.get(name)
    if feature is None:
        return True  # every flag there is is on by default
    for rule in feature.get("rules", {}).values():
        (condition,) = rule["conditions"]
        assert (condition["action"], condition["key"]) == ("KEY_IN_VALUE", "user_id")
        if user in condition["value"]:
            return bool(rule["when_match"])
    return bool(feature["default"])


_SHOWN = ("enabled", "users_on", "users_off", "roles_on", "version")
