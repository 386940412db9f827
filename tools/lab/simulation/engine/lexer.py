"""Expressions as tokens, and the names and values that they may refer to."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from tools.lab.simulation.engine.errors import Refused, invalid

MAX_BYTES = 4096
"""DynamoDB's limit on the text of one expression."""

RESERVED = frozenset(
    Path(__file__).with_name("reserved_words.txt").read_text(encoding="utf-8").split()
)
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html"""

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<word>[A-Za-z][A-Za-z0-9_]*)|(?P<placeholder>[#:][A-Za-z0-9_]+)"
    r"|(?P<number>0|[1-9][0-9]*)|(?P<symbol><>|<=|>=|[=<>()\[\],.+-]))"
)
_KEYWORDS = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"})

T = TypeVar("T")
Step = str | int
DocumentPath = tuple[Step, ...]


class Reader:
    """Reads an expression token by token and remembers what it referred to.

    *kind* is the parameter's name, for messages. ``names`` and ``values`` collect the
    placeholders that were used; ``end`` is the token after the last.
    """

    def __init__(self, kind: str, text: str, names: Mapping[str, str]) -> None:
        self.kind = kind
        self.names: set[str] = set()
        self.values: set[str] = set()
        self._given = names
        self._tokens = self._split(text)
        self._at = 0
        self._parentheses: dict[int, int] = {}

    def peek(self, ahead: int = 0) -> str:
        """Return a token without taking it; an empty text after the last."""
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self._at += 1
        return token

    def keyword(self, ahead: int = 0) -> str:
        """Return the next token in capitals if it is a keyword, otherwise an empty text."""
        token = self.peek(ahead).upper()
        return token if token in _KEYWORDS else ""

    def accept(self, token: str) -> bool:
        """Take *token* if it is the next."""
        if self.peek().upper() != token:
            return False
        self._at += 1
        return True

    def expect(self, token: str) -> None:
        if not self.accept(token):
            raise self.unexpected()

    def finish(self) -> None:
        """Refuse what follows a complete expression."""
        if self.peek():
            raise self.unexpected()

    def value(self) -> str:
        """Take a reference to a value."""
        token = self.take()
        if not token.startswith(":"):
            self._at -= 1
            raise self.unexpected()
        self.values.add(token)
        return token

    def path(self) -> DocumentPath:
        """Take a document path, its names resolved: ``("lines", 0, "price")``."""
        steps: list[Step] = [self._name()]
        while self.peek() in (".", "["):
            if self.take() == ".":
                steps.append(self._name())
            else:
                index = self.take()
                if not index.isdigit():
                    self._at -= 1
                    raise self.unexpected()
                steps.append(int(index))
                self.expect("]")
        return tuple(steps)

    def enclosed(self, read: "Callable[[Reader], T]") -> T:
        """Take ``( … )`` around what *read* takes; refuse a parenthesis around a parenthesis."""
        opened = self._at
        self.expect("(")
        content = read(self)
        self.expect(")")
        closed = self._at - 1
        if self._parentheses.get(opened + 1) == closed - 1:
            raise self.wrong("The expression has redundant parentheses;")
        self._parentheses[opened] = closed
        return content

    def wrong(self, what: str) -> Refused:
        return invalid(f"Invalid {self.kind}: {what}")

    def unexpected(self) -> Refused:
        token = self.peek() or "<EOF>"
        near = " ".join(self._tokens[max(self._at - 1, 0) : self._at + 2])
        return self.wrong(f'Syntax error; token: "{token}", near: "{near}"')

    def _name(self) -> str:
        token = self.take()
        if token.startswith("#"):
            self.names.add(token)
            if token not in self._given:
                raise self.wrong(
                    "An expression attribute name used in the document path is not defined;"
                    f" attribute name: {token}"
                )
            return self._given[token]
        if not token[:1].isalpha():
            self._at -= 1
            raise self.unexpected()
        if token.upper() in RESERVED:
            raise self.wrong(f"Attribute name is a reserved keyword; reserved keyword: {token}")
        return token

    def _split(self, text: str) -> list[str]:
        if not text.strip():
            raise self.wrong("The expression can not be empty;")
        if len(text.encode()) > MAX_BYTES:
            raise self.wrong("Expression size has exceeded the maximum allowed size;")
        tokens, at, text = [], 0, text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise self.wrong(
                    f'Syntax error; token: "{text[at:].strip()[:1]}", near: "{text[at:][:4]}"'
                )
            tokens.append(match[match.lastgroup or 0])
            at = match.end()
        return tokens
