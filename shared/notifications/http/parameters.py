"""What requests for notifications may ask."""

from shared.kernel.paging import PageRequest
from shared.platform.http.pagination import Sort


def newest_first(asked: PageRequest) -> bool:
    """Tell in which order of time; `InvalidSortField` for any other order."""
    return Sort.parse(asked.sort, allowed=("created_at",), default="-created_at").descending
