"""Add a business rule."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.catalog.domain.rule import BusinessRule, Evaluator, Subject
from shared.catalog.domain.rule_details import RuleDetails
from shared.catalog.domain.rule_sense import senseless
from shared.catalog.ports import CatalogUnitOfWork
from shared.kernel.clock import Clock
from shared.kernel.errors import FieldError, ValidationFailed
from shared.kernel.ids import IdSource

Examine = Callable[[BusinessRule], list[FieldError]]
"""Says what is wrong with a rule's parameters for its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBusinessRule:
    """Have *field* of every *subject* pass *kind* from ``starts_at``, or now, to ``ends_at``."""

    subject: Subject
    field: str
    kind: str
    parameters: Any
    category: str | None = None
    currency: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBusinessRuleHandler:
    """Adds rules to their books."""

    uow: CatalogUnitOfWork
    clock: Clock
    new_id: IdSource
    examine: Examine
    evaluate: Evaluator

    def __call__(self, command: AddBusinessRule, /) -> RuleDetails:
        """Return the rule.

        `ValidationFailed` with all its mistakes, `RulesContradict`, or `TooManyRules`.

        What is there already is not looked at: a product that breaks the rule stays on sale, and
        has to meet it when what the rule is about is changed.
        """
        now = self.clock.now()
        rule = BusinessRule(
            id=self.new_id(),
            subject=command.subject,
            field=command.field,
            kind=command.kind,
            parameters=command.parameters,
            category=command.category,
            currency=command.currency,
            starts_at=command.starts_at or now,
            ends_at=command.ends_at,
            added_at=now,
        )
        errors = list(rule.mistakes()) or self.examine(rule) or list(senseless(rule))
        if errors:
            raise ValidationFailed("The business rule is not valid.", errors)
        with self.uow as uow:
            book = uow.rule_books.of(command.subject)
            book.add(rule, at=now, evaluate=self.evaluate)
            uow.rule_books.save(book)
            added = RuleDetails.of(rule)
            uow.commit(added)
        return added
