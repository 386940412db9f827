"""How products are grouped: one category, and any number of tags up to a limit."""

import re
from collections.abc import Iterable, Iterator

from shared.kernel.errors import FieldError

UNCATEGORISED = "uncategorised"
"""The category of a product that was never given one."""

MAX_LABEL = 40
MAX_TAGS = 20
LABEL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FORM = f"1 to {MAX_LABEL} small letters and digits, words joined by single hyphens"


def label_errors(category: str, tags: Iterable[str]) -> Iterator[FieldError]:
    """Yield what is wrong with a category and tags."""
    if not _is_label(category):
        yield {"loc": ("category",), "msg": _FORM, "type": "label"}
    given = tuple(tags)
    if len(given) > MAX_TAGS:
        yield {"loc": ("tags",), "msg": f"at most {MAX_TAGS} tags", "type": "too_long"}
    if len(set(given)) != len(given):
        yield {"loc": ("tags",), "msg": "no tag comes twice", "type": "unique"}
    for position, tag in enumerate(given):
        if not _is_label(tag):
            yield {"loc": ("tags", position), "msg": _FORM, "type": "label"}


def _is_label(text: str) -> bool:
    return len(text) <= MAX_LABEL and LABEL.fullmatch(text) is not None
