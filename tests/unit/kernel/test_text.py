"""Control and reordering characters stay out of text; every script and emoji gets in."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.kernel.text import is_line, is_text
from shared.platform.http.text import Line, Text

FINE = [
    "",
    "Ada Lovelace",
    "Zoë Þórsdóttir",
    "שלום\u200f עולם",
    "مرحبا",
    "क्‍ष",
    "👩🏽‍🚀",
    "a\u00a0b",
    "e\u0301",
]


@pytest.mark.parametrize("text", FINE)
def test_what_people_write_is_text(text):
    assert (is_line(text), is_text(text)) == (True, True)


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\r\nb"])
def test_lines_and_tabs_belong_into_text_and_not_into_a_line(text):
    assert (is_line(text), is_text(text)) == (False, True)


def test_exactly_controls_and_explicit_bidirectional_formatting_are_refused():
    characters = [chr(code) for code in range(sys.maxunicode + 1)]
    refused = {c for c in characters if not is_text(c)}
    controls = {c for c in characters if unicodedata.category(c) == "Cc"} - set("\t\n\r")
    explicit = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    bidi = {c for c in characters if unicodedata.bidirectional(c) in explicit}
    assert refused == controls | bidi
    assert {c for c in characters if not is_line(c)} == refused | set("\t\n\r\u2028\u2029")


@given(
    st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\x00\x7f\u202e\n\u2028"))
)
def test_the_types_of_request_bodies_agree(text):
    for kind, holds in (Line, is_line), (Text, is_text):
        try:
            TypeAdapter(kind).validate_python(text)
            accepted = True
        except ValidationError:
            accepted = False
        assert accepted == holds(text)
