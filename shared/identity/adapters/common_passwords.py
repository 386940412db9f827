"""The list of common passwords, loaded only where a password is chosen."""

from shared.identity.adapters.common_words import WORDS


class ZxcvbnPasswords:
    """The words that zxcvbn's list of leaked passwords is made of, in lower case."""

    def __init__(self) -> None:
        self._words = frozenset(WORDS.split())

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def __len__(self) -> int:
        return len(self._words)
