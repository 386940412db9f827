"""Passwords: what makes one acceptable. Hashing them is an adapter's work.

The policy is NIST SP 800-63B-4 §3.1.1.2: length instead of rules of composition, Unicode
normalised, and a list of common passwords together with words of the context.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from shared.identity.domain.errors import WeakPassword
from shared.identity.domain.phrases import PHRASES

MIN_LENGTH = 12
MAX_LENGTH = 128
PADDING = "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ "
_LOOKALIKES = str.maketrans("@4301$57", "aaeoisst")
_SHORTEST_WORD = 4
_LEAST_BESIDES = 6
"""Letters that a password has besides the names that are known of its owner."""
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
        if _is_phrase(self.text, is_common):
            raise WeakPassword("This phrase is too common.", "password_common")
        known = {word.lower() for text in (*about, *_SERVICE_WORDS) for word in _words(text)}
        if known & guesses or any(_adds_little(guess, known) for guess in guesses):
            message = "This password is your name or e-mail address, or ours."
            raise WeakPassword(message, "password_context")


def _guesses(text: str) -> set[str]:
    """Return what a guesser would have to start from: *text* without disguise and padding."""
    whole = text.lower()
    forms = {whole, whole.translate(_LOOKALIKES), whole.strip(PADDING)}
    forms |= {whole.strip(PADDING).translate(_LOOKALIKES)}
    return {_unit(form) for form in forms if form} | forms


def _is_phrase(text: str, is_common: IsCommon) -> bool:
    """Tell whether *text* is a phrase that people quote, or two common words, however spaced."""
    squeezed = "".join(filter(str.isalnum, text.lower())).strip(PADDING)
    return any(
        is_common(whole)
        or whole in PHRASES
        or any(
            is_common(whole[:cut]) and is_common(whole[cut:])
            for cut in range(_SHORTEST_WORD, len(whole) - _SHORTEST_WORD + 1)
        )
        for whole in map(_unit, {squeezed, squeezed.translate(_LOOKALIKES)})
    )


def _adds_little(guess: str, known: Iterable[str]) -> bool:
    """Tell whether *guess* has a known word in it and hardly anything besides."""
    rest = guess
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != guess and len(rest.strip(PADDING)) < _LEAST_BESIDES


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
