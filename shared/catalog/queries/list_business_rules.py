"""List business rules."""

from dataclasses import dataclass

from shared.catalog.domain.rule import Subject
from shared.catalog.domain.rule_details import RuleDetails
from shared.catalog.ports import RuleListReader
from shared.kernel.paging import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBusinessRules:
    """Ask for a page of the rules about *subject*: those that were, are and will be in force."""

    subject: Subject
    page: PageRequest
    descending: bool
    reader_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBusinessRulesHandler:
    """Lists rules."""

    lists: RuleListReader

    def __call__(self, query: ListBusinessRules, /) -> Page[RuleDetails]:
        """Return the page, by when rules were added; `InvalidCursor`."""
        return self.lists.page(
            query.page,
            subject=query.subject,
            descending=query.descending,
            reader_id=query.reader_id,
        )
