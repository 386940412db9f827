import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.platform.dynamodb.cursors import CursorCodec, InvalidCursor, Position, scope_of

pytestmark = pytest.mark.row("PAG-03")

CODEC = CursorCodec(lambda: ("new secret", "old secret"))
SCOPE = scope_of("orders", {"sort": "-placed_at"}, principal="u-1")
KEY = {"PK": "Order#1", "SK": "STATE"}


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=20), max_size=4), st.booleans())
def test_a_cursor_brings_back_its_position(key, backward):
    position = Position(key, backward)
    assert CODEC.decode(CODEC.encode(position, scope=SCOPE), scope=SCOPE) == position


def test_a_cursor_changed_by_one_character_is_refused():
    cursor = CODEC.encode(Position(KEY), scope=SCOPE)
    for place, character in enumerate(cursor):
        other = "A" if character != "A" else "B"
        with pytest.raises(InvalidCursor):
            CODEC.decode(cursor[:place] + other + cursor[place + 1 :], scope=SCOPE)


@pytest.mark.parametrize(
    "scope",
    [
        scope_of("orders", {"sort": "-placed_at"}, principal="u-2"),
        scope_of("orders", {"sort": "placed_at"}, principal="u-1"),
        scope_of("products", {"sort": "-placed_at"}, principal="u-1"),
    ],
)
def test_a_cursor_of_another_query_or_reader_is_refused(scope):
    with pytest.raises(InvalidCursor):
        CODEC.decode(CODEC.encode(Position(KEY), scope=SCOPE), scope=scope)


@given(st.text(max_size=60))
def test_any_text_is_refused(text):
    with pytest.raises(InvalidCursor):
        CODEC.decode(text, scope=SCOPE)


def test_the_previous_secret_still_reads_what_it_signed():
    old = CursorCodec(lambda: ("old secret",)).encode(Position(KEY), scope=SCOPE)
    assert CODEC.decode(old, scope=SCOPE).key == KEY
    with pytest.raises(InvalidCursor):
        CursorCodec(lambda: ("new secret",)).decode(old, scope=SCOPE)
