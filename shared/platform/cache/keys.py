"""Names of entries and tags: words joined by colons, so that a prefix means something."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

MAX_LENGTH = 250


def key_of(kind: str, *parts: str) -> str:
    """Return the key of a thing: ``key_of("product", id, "entry")`` → ``product:<id>:entry``.

    A part with a colon in it, or a key that gets too long, is shortened to a hash: the key still
    starts with its *kind*.
    """
    words = [part if part and ":" not in part else _hash(part) for part in parts]
    key = ":".join([kind, *words])
    return key if len(key) <= MAX_LENGTH else f"{kind}:{_hash(key)}"


def list_key(kind: str, parameters: Mapping[str, Any]) -> str:
    """Return the key of a list: the same parameters in any order are the same list."""
    text = json.dumps(sorted(parameters.items()), default=str)
    return f"{kind}:list:{_hash(text)}"


def prefixes_of(key: str) -> list[str]:
    """Return what *key* starts with, word by word: ``a:b:c`` → ``a:``, ``a:b:``."""
    words = key.split(":")
    return [":".join(words[:count]) + ":" for count in range(1, len(words))]


def generation_key(tag: str) -> str:
    """Return where the generation of *tag* is kept."""
    return f"generation:{tag}"


def prefix_tag(prefix: str) -> str:
    """Return the tag that every key with *prefix* has."""
    return f"prefix {prefix}"


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
