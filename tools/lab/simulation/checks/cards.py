"""Inventory knows what is held and for whom, and nothing of how it is paid for."""

from tools.lab.simulation.checks.facts import Commit, Fact
from tools.lab.simulation.checks.violation import require

CARDS = "cards: inventory keeps nothing of cards and totals"
_OF_MONEY = ("pm_", "payment_method", "total", "currency")


class Cards:
    """Looks at everything that is written to inventory's table."""

    def after_step(self, commit: Commit) -> None:
        """Hold each item to what it may say."""
        for fact in commit.facts:
            if fact.context == "inventory" and fact.new is not None and not _of_old_code(fact):
                text = repr(fact.new)
                found = [word for word in _OF_MONEY if word in text]
                require(not found, CARDS, f"{fact.pk} {fact.sk} has {found}: {text}")


def _of_old_code(fact: Fact) -> bool:
    """Tell whether it is an event of the version that said what is due."""
    assert fact.new is not None
    return fact.new.get("type") == "inventory.reserved" and fact.new["schema_version"] == 1
