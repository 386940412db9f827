"""End a business rule."""

from dataclasses import dataclass

from shared.catalog.domain.rule import Subject
from shared.catalog.domain.rule_details import RuleDetails
from shared.catalog.ports import CatalogUnitOfWork
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBusinessRule:
    """Have a rule no longer in force, from now on; one to come never will be."""

    subject: Subject
    rule_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBusinessRuleHandler:
    """Strikes rules from their books."""

    uow: CatalogUnitOfWork
    clock: Clock

    def __call__(self, command: EndBusinessRule, /) -> RuleDetails:
        """Return the rule as it ended; `BusinessRuleNotFound` when it is not there or over."""
        with self.uow as uow:
            book = uow.rule_books.of(command.subject)
            ended = RuleDetails.of(book.end(command.rule_id, at=self.clock.now()))
            uow.rule_books.save(book)
            uow.commit(ended)
        return ended
