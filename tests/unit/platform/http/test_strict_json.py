import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.platform.http.strict_json import MAX_DEPTH, InvalidJson, loads

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=15,
)


@given(VALUES)
def test_sound_json_is_read_as_the_library_reads_it(value):
    assert loads(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e999",
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'"\\ud800"',
        b'{"\\uDC00":1}',
        b'"\\u0000"',
        b'"\x00"',
        b'[{"a\\u0000b":1}]',
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b"9223372036854775808",
        b"1" * 5000,
        b"[" * 100_000,
        b'{"a":' * 40_000,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b"\xef\xbb\xbf{}",
        b"{} {}",
        b"'a'",
    ],
    ids=lambda body: f"{len(body)} bytes {body[:12]!r}",
)
def test_everything_else_is_refused(body):
    with pytest.raises(InvalidJson):
        loads(body)


def test_brackets_inside_strings_are_no_nesting():
    text = "[" * 1000 + '\\"' + "{" * 1000
    assert loads(f'{{"a":"{text}"}}'.encode()) == {"a": text.replace('\\"', '"')}


def test_escaped_pairs_of_surrogates_are_fine():
    assert loads(b'"\\ud83d\\ude00"') == "\U0001f600"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body):
    with contextlib.suppress(InvalidJson):
        loads(body)
