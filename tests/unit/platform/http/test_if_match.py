"""Reading ``If-Match``."""

import asyncio

import pytest

from shared.platform.http.preconditions import _if_match

pytestmark = pytest.mark.row("API-04")


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        (None, None),
        ("*", None),
        ('"3"', {3}),
        ('"3", "4"', {3, 4}),
        ('"3","other"', {3}),
        ('W/"3"', set()),  # a weak tag never matches strongly (RFC 9110 §8.8.3.2)
        ('"*"', set()),
        (" * ", None),
        ('"3", *', set()),  # a star beside tags is no star: what is malformed names nothing
        ('"3" "4"', set()),
        ('"3";q=1', set()),
        ('"a b", "3"', set()),
        ('w/"3", "3"', set()),
        (', "3" ,, W/"4" ', {3}),
        ('"0"', {0}),
        ("abc*", set()),
        ("W/*", set()),
        ('"03"', set()),  # opaque tags are compared as texts, not as numbers
        ("3", set()),
        ('"-3"', set()),
        ('"' + "9" * 900 + '"', set()),
        ("", set()),
    ],
)
def test_the_versions_it_names(header: str | None, versions: set[int] | None) -> None:
    assert asyncio.get_event_loop().run_until_complete(_if_match(header)) == versions
