"""Which business rules a client asks for."""

from typing import Annotated

from shared.catalog.domain.rule import Subject
from shared.catalog.queries.list_business_rules import ListBusinessRules
from shared.kernel.paging import PageRequest
from shared.platform.access.permissions import Principal
from shared.platform.http.pagination import Sort, paged

RulesPage = Annotated[PageRequest, paged("added_at")]
"""Which page of rules; nobody counts them."""


def rules_query(subject: Subject, page: PageRequest, user: Principal) -> ListBusinessRules:
    """Return the query: the rule added last comes first, unless said otherwise."""
    sort = Sort.parse(page.sort, allowed=("added_at",), default="-added_at")
    return ListBusinessRules(
        subject=subject, page=page, descending=sort.descending, reader_id=user.id
    )
