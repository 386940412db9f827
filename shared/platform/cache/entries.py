"""How an entry is written: a value, the generations of its tags, and a checksum over both."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SUM = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """A value, and the generation that each of its tags was in when it began to be computed."""

    value: Any
    generations: Mapping[str, str]


def encode(entry: Entry) -> str:
    """Return the text of *entry*; ``TypeError`` for a value that is not plain JSON."""
    body = json.dumps(
        [entry.value, dict(entry.generations)], separators=(",", ":"), allow_nan=False
    )
    return _checksum(body) + body


def decode(text: str) -> Entry | None:
    """Return the entry in *text*; ``None`` for a text that nobody here has written."""
    stored, body = text[:_SUM], text[_SUM:]
    if stored != _checksum(body):
        return None
    value, generations = json.loads(body)
    return Entry(value, generations)


def _checksum(body: str) -> str:
    return hashlib.blake2b(body.encode(), digest_size=_SUM // 2).hexdigest()
