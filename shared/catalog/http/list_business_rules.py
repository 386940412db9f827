"""Which business rules a client asks for."""

from shared.catalog.domain.rule import Subject
from shared.catalog.queries.list_business_rules import ListBusinessRules
from shared.kernel.paging import PageRequest
from shared.platform.access.permissions import Principal
from shared.platform.http.pagination import Sort, only_by_cursor


def rules_query(subject: Subject, page: PageRequest, user: Principal) -> ListBusinessRules:
    """Return the query; `InvalidSortField` names what the list can be sorted by.

    `ValidationFailed` for a total: nobody counts rules.
    """
    only_by_cursor(page, because="Rules are not counted")
    sort = Sort.parse(page.sort, allowed=("added_at",), default="-added_at")
    return ListBusinessRules(
        subject=subject, page=page, descending=sort.descending, reader_id=user.id
    )
