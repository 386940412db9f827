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
    refused = {c for c in characters if not is_text(f"a{c}")}
    controls = {c for c in characters if unicodedata.category(c) == "Cc"} - set("\t\n\r")
    explicit = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    bidi = {c for c in characters if unicodedata.bidirectional(c) in explicit}
    assert refused == controls | bidi
    lines = {c for c in characters if not is_line(f"a{c}")}
    assert lines == refused | set("\t\n\r\u2028\u2029")


# DerivedCoreProperties.txt of UCD 16, Default_Ignorable_Code_Point, in part; and U+2800.
INVISIBLE = "\u00ad\u200b\u200d\u2060\u3164\ufe0f\ufeff\uffa0\U000e0041\u2800"


def test_text_that_shows_nothing_is_none():
    blank = {c for code in range(sys.maxunicode + 1) if (c := chr(code)).isspace()}
    for text in (*blank, *INVISIBLE, " \u200b ", "   "):
        assert not is_line(text), hex(ord(text[0]))
        assert not is_text(text), hex(ord(text[0]))
        assert is_text(f"{text}a{text}") == is_text(f"a{text}")


def test_whatever_has_a_glyph_is_seen():
    glyphs = ("Lu", "Ll", "Lm", "Nd", "Po", "Sc", "Sm")
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) in glyphs:
            assert is_line(chr(code)), hex(code)


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
