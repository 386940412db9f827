"""Passwords: what makes one acceptable. Hashing them is an adapter's work.

The policy is NIST SP 800-63B-4 §3.1.1.2: length instead of rules of composition, Unicode
normalised, and a list of common passwords together with words of the context.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from shared.identity.domain.errors import WeakPassword

MIN_LENGTH = 12
MAX_LENGTH = 128
PADDING = "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ "
_LOOKALIKES = str.maketrans("@4301$57", "aaeoisst")
_SERVICE_WORDS = ("tradewind",)

IsCommon = Callable[[str], bool]
"""Tells whether a word in lower case is one that guessing starts with."""


@dataclass(frozen=True, slots=True)
class Password:
    """A password as typed, in Unicode's NFKC form: every keyboard gives the same. Never shown."""

    text: str = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", unicodedata.normalize("NFKC", self.text))

    def check(self, *, is_common: IsCommon, about: Iterable[str] = ()) -> None:
        """Raise `WeakPassword` unless the password is good enough to be somebody's new one.

        *about* are texts that belong to the user: their e-mail address, their name.
        """
        if not MIN_LENGTH <= len(self.text) <= MAX_LENGTH:
            message = f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters."
            raise WeakPassword(message, "password_length")
        if _is_sequence(self.text):
            raise WeakPassword("This password repeats or counts up.", "password_sequence")
        guesses = _guesses(self.text)
        if any(is_common(guess) for guess in guesses):
            raise WeakPassword("This password is too common.", "password_common")
        known = {word.lower() for text in (*about, *_SERVICE_WORDS) for word in _words(text)}
        if known & guesses:
            message = "This password is your name or e-mail address, or ours."
            raise WeakPassword(message, "password_context")


def _guesses(text: str) -> set[str]:
    """Return what a guesser would have to start from: *text* without disguise and padding."""
    whole = text.lower()
    forms = {whole, whole.translate(_LOOKALIKES), whole.strip(PADDING)}
    forms |= {whole.strip(PADDING).translate(_LOOKALIKES)}
    return {_unit(form) for form in forms if form} | forms


def _unit(text: str) -> str:
    """Return the shortest text that *text* is a repetition of."""
    period = (text + text).find(text, 1)
    return text[:period]


def _is_sequence(text: str) -> bool:
    """Tell whether most characters equal or neighbour the one before: aaaaaa111111, 1234567890."""
    steps = [abs(ord(after) - ord(before)) for before, after in pairwise(text)]
    return sum(step <= 1 for step in steps) * 3 > len(steps) * 2 or len(_unit(text)) <= 4  # noqa: PLR2004


def _words(text: str) -> set[str]:
    """Return *text*, the parts of an address, and each of its words."""
    local, _, domain = text.partition("@")
    parts = {text, local, domain, domain.partition(".")[0], text.replace(" ", "")}
    return {part for part in {*parts, *text.split()} if len(part) > 3}  # noqa: PLR2004
