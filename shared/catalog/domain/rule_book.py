"""The rule book: every business rule about one subject that is in force or still to come."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.catalog.domain.errors import BusinessRuleNotFound, RulesContradict, TooManyRules
from shared.catalog.domain.rule import BusinessRule, Evaluator, Facts, Subject
from shared.kernel.aggregate import Aggregate
from shared.kernel.broken_rules import BrokenRule, BrokenRules
from shared.kernel.events import DomainEvent

MAX_RULES = 50
"""Rules of one book. With `rule.MAX_PARAMETERS` a book is at most 28 KB: 7 RCU for an order."""

OFF_SALE = "is_confidential"
"""The fact that takes a product off public sale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessRuleAdded(DomainEvent):
    """A rule is made; who made it is the actor."""

    type = "business_rule.added"

    rule: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessRuleEnded(DomainEvent):
    """A rule is no longer in force, from its ``ends_at`` on."""

    type = "business_rule.ended"

    rule: dict[str, Any]


class RuleBook(Aggregate):
    """The rules about one subject; its id is the subject. It is empty until a rule is added."""

    aggregate_type = "RuleBook"

    def __init__(self, id: str, *, rules: Iterable[BusinessRule] = (), version: int = 0) -> None:
        super().__init__(id, version=version)
        self.rules = tuple(rules)

    @classmethod
    def empty(cls, subject: Subject) -> "RuleBook":
        """Return a book without rules."""
        return cls(str(subject))

    def add(self, rule: BusinessRule, *, at: datetime, evaluate: Evaluator) -> None:
        """Add *rule*, and strike those that are over.

        `TooManyRules` beyond `MAX_RULES`, `RulesContradict` where one of the others forbids all
        that the new one allows.
        """
        from shared.catalog.domain.rule_conflicts import (  # noqa: PLC0415  # orders read books
            contradicted,
        )

        kept = [each for each in self.rules if not each.is_over(at)]
        if others := contradicted(rule, kept, evaluate=evaluate):
            raise RulesContradict(others[0].id)
        if len(kept) >= MAX_RULES:
            raise TooManyRules(MAX_RULES)
        self.rules = (*kept, rule)
        self._record(BusinessRuleAdded(rule=rule.to_data()))

    def end(self, rule_id: str, *, at: datetime) -> BusinessRule:
        """Strike the rule and return it as it ended: now, whatever its end was to be.

        `BusinessRuleNotFound` for one that is not in the book, or over already.
        """
        found = next((each for each in self.rules if each.id == rule_id), None)
        if found is None or found.is_over(at):
            raise BusinessRuleNotFound(rule_id)
        ended = replace(found, ends_at=at)
        self.rules = tuple(each for each in self.rules if each is not found)
        self._record(BusinessRuleEnded(rule=ended.to_data()))
        return ended

    def broken_by(
        self, facts: Facts, *, at: datetime, evaluate: Evaluator
    ) -> Sequence[BrokenRule]:
        """Return every rule in force that something with these *facts* breaks."""
        return list(broken(self.rules, facts, at=at, evaluate=evaluate))

    def check(
        self, facts: Facts, *, at: datetime, evaluate: Evaluator, before: Facts | None = None
    ) -> None:
        """Raise `BrokenRules` with every rule that something with these *facts* breaks.

        Of what there was *before*, only what has changed is judged: a rule that came later holds
        up no change that has nothing to do with it. Taking off sale is always possible.
        """
        rules = self.rules if before is None else _touched(self.rules, before, facts, at)
        if found := list(broken(rules, facts, at=at, evaluate=evaluate)):
            raise BrokenRules((each, each.error()) for each in found)


def _touched(
    rules: Iterable[BusinessRule], before: Facts, after: Facts, at: datetime
) -> list[BusinessRule]:
    """Return the rules about what has changed, or that what has changed is under only now."""
    changed = {name for name, value in after.items() if value != before[name]}
    if after[OFF_SALE]:
        changed.discard(OFF_SALE)
    return [rule for rule in rules if rule.field in changed or not rule.concerns(before, at)]


def broken(
    rules: Iterable[BusinessRule], facts: Facts, *, at: datetime, evaluate: Evaluator
) -> Iterator[BrokenRule]:
    """Yield what each of *rules* that is in force has against *facts*."""
    for rule in rules:
        if not rule.concerns(facts, at):
            continue
        message = evaluate(rule, facts[rule.field])
        if message:
            yield BrokenRule(rule_id=rule.id, field=rule.field, kind=rule.kind, message=message)
