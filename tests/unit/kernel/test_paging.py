"""A page knows whether there is more on either side."""

import pytest

from shared.kernel.paging import Page

pytestmark = pytest.mark.row("PAG-01")


def test_cursors_say_whether_there_is_more() -> None:
    page = Page(items=(1, 2), next_cursor="after")
    assert (page.has_next, page.has_prev) == (True, False)
    assert (Page(items=()).has_next, Page(items=(), prev_cursor="x").has_prev) == (False, True)


def test_mapping_changes_items_only() -> None:
    page = Page(items=(1, 2), next_cursor="after", prev_cursor="before", total=9)
    assert page.map(str) == Page(
        items=("1", "2"), next_cursor="after", prev_cursor="before", total=9
    )
