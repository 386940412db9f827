"""Business rules as clients see and list them."""

from typing import Annotated, Any

from fastapi import Path

from shared.catalog.domain.errors import BusinessRuleNotFound
from shared.catalog.domain.rule import Subject
from shared.catalog.domain.rule_details import RuleDetails
from shared.catalog.queries.list_business_rules import ListBusinessRules
from shared.kernel.ids import is_id
from shared.kernel.paging import PageRequest
from shared.platform.access.permissions import Principal
from shared.platform.http.models import View
from shared.platform.http.pagination import Sort, only_by_cursor

SubjectPath = Annotated[Subject, Path(description="What the rules are about")]


class BusinessRuleView(View):
    """A rule, with the moments from which and until before which it is in force."""

    id: str
    subject: str
    field: str
    kind: str
    parameters: Any
    category: str | None
    currency: str | None
    starts_at: str
    ends_at: str | None
    added_at: str

    @classmethod
    def of(cls, details: RuleDetails) -> "BusinessRuleView":
        """Return the view of *details*."""
        return cls.model_validate(details.to_data())


def rules_query(subject: Subject, page: PageRequest, user: Principal) -> ListBusinessRules:
    """Return the query; `InvalidSortField` names what the list can be sorted by.

    `ValidationFailed` for a total: nobody counts rules.
    """
    only_by_cursor(page, because="Rules are not counted")
    sort = Sort.parse(page.sort, allowed=("added_at",), default="-added_at")
    return ListBusinessRules(
        subject=subject, page=page, descending=sort.descending, reader_id=user.id
    )


def known_rule(rule_id: str) -> str:
    """Return *rule_id*; `BusinessRuleNotFound` for what cannot be the id of anything."""
    if not is_id(rule_id):
        raise BusinessRuleNotFound(rule_id)
    return rule_id
