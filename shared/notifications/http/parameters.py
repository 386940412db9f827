"""What requests for notifications may ask."""

from typing import Annotated

from shared.kernel.paging import PageRequest
from shared.platform.http.pagination import Sort, paged

NotificationsPage = Annotated[PageRequest, paged("created_at")]
"""Which page of notifications; nobody counts them."""


def newest_first(asked: PageRequest) -> bool:
    """Tell in which order of time they are asked for."""
    return Sort.parse(asked.sort, allowed=("created_at",), default="-created_at").descending
