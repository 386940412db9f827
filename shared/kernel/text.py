"""Which characters belong into text that people write and others read.

Left out, as the profiles for names and free text do (PRECIS, RFC 8264 §9 and RFC 8266): control
characters, which terminals and logs act on; and the explicit bidirectional controls, with which a
text is shown in another order than it is stored in ("Trojan Source", CVE-2021-42574).
The marks that right-to-left text needs between words (U+200E, U+200F, U+061C) are allowed, and so
are the joiners that emoji and Indic scripts are made with.
"""

import re

_BIDI = "\u202a-\u202e\u2066-\u2069"
_CONTROLS = "\u0000-\u001f\u007f-\u009f"
_CONTROLS_BUT_LINES = "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"


def _escaped(characters: str) -> str:
    """Return a character class in escapes that ECMAScript, Rust and Python all read."""
    return "".join(c if c == "-" else f"\\u{ord(c):04x}" for c in characters)


LINE_PATTERN = f"^[^{_escaped(_CONTROLS + _BIDI)}\\u2028\\u2029]*$"
"""One line of text, as a regular expression for JSON Schema."""

TEXT_PATTERN = f"^[^{_escaped(_CONTROLS_BUT_LINES + _BIDI)}]*$"
"""Text of several lines: tab, line feed and carriage return belong into it."""

_LINE, _TEXT = re.compile(LINE_PATTERN[1:-1]), re.compile(TEXT_PATTERN[1:-1])


def is_line(text: str) -> bool:
    """Tell whether *text* is one line, without controls of any kind."""
    return _LINE.fullmatch(text) is not None


def is_text(text: str) -> bool:
    """Tell the same of text that may have several lines."""
    return _TEXT.fullmatch(text) is not None
