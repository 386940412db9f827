"""Which characters belong into text that people write and others read.

Left out, as the profiles for names and free text do (PRECIS, RFC 8264 §9 and RFC 8266): control
characters, which terminals and logs act on; and the explicit bidirectional controls, with which a
text is shown in another order than it is stored in ("Trojan Source", CVE-2021-42574).
The marks that right-to-left text needs between words (U+200E, U+200F, U+061C) are allowed, and so
are the joiners that emoji and Indic scripts are made with.
"""

import re
import unicodedata
from functools import cache

_BIDI = "\u202a-\u202e\u2066-\u2069"
_CONTROLS = "\u0000-\u001f\u007f-\u009f"
_CONTROLS_BUT_LINES = "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"


_BMP = 0xFFFF
"""The last character that the escapes reach."""


def _escaped(characters: str) -> str:
    """Return a character class in escapes that ECMAScript, Rust and Python all read."""
    return "".join(c if c == "-" or ord(c) > _BMP else f"\\u{ord(c):04x}" for c in characters)


# What shows nothing: Unicode's White_Space, and characters of no width or without a glyph (those
# that are Default_Ignorable_Code_Point in UCD 16, and the blank pattern of Braille).
_BLANK = (
    "\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff"
)


def _something(bad: str) -> str:
    """Return the pattern of a text without *bad* characters that is empty or shows something."""
    fine, seen = f"[^{_escaped(bad)}]", f"[^{_escaped(bad + _BLANK)}]"
    return f"^(?:{fine}*{seen}{fine}*)?$"


LINE_PATTERN = _something(_CONTROLS + _BIDI + "\u2028\u2029")
"""One line of text that shows something, or none, as a regular expression for JSON Schema."""

TEXT_PATTERN = _something(_CONTROLS_BUT_LINES + _BIDI)
"""The same of several lines: tab, line feed and carriage return belong into it."""


def is_line(text: str) -> bool:
    """Tell whether *text* is one line, without controls of any kind, and not blank alone."""
    return _whole(LINE_PATTERN).fullmatch(text) is not None


def is_text(text: str) -> bool:
    """Tell the same of text that may have several lines."""
    return _whole(TEXT_PATTERN).fullmatch(text) is not None


def has_address(text: str) -> bool:
    """Tell whether *text* has what mail programs make a link of: an address of the web or of mail.

    ``tea.shop`` is one and ``J. R. R. Tolkien`` none: after a dot comes a blank, or one letter.
    """
    seen = unicodedata.normalize("NFKC", text).translate(_DOTS)
    return _addresses().search("".join(c for c in seen if c not in _unseen())) is not None


_DOTS = {ord(dot): "." for dot in "\u3002\uff61\u2024"}
"""What browsers read as a dot between labels (UTS 46), and the one dot leader."""


@cache
def _unseen() -> frozenset[str]:
    """Return what has no width: it does not keep a link from being one."""
    codes = (0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF)
    return frozenset(map(chr, codes))


@cache
def _addresses() -> re.Pattern[str]:
    return re.compile(
        r":[/\\]|@\S|\bwww\.|[^\W_]\.(?:[^\W\d_]{2,}|xn--)|\d{1,3}(?:\.\d{1,3}){3}",
        re.IGNORECASE,
    )


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    """Compile *pattern* when it is first asked: it takes a millisecond of a cold start."""
    return re.compile(pattern[1:-1])
