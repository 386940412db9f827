"""How products are grouped: one category, and any number of tags up to a limit."""

import re
from collections.abc import Iterable, Iterator

from shared.kernel.errors import FieldError, ValidationFailed

UNCATEGORISED = "uncategorised"
"""The category of a product that was never given one."""

MAX_LABEL = 40
MAX_TAGS = 20
LABEL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FORM = f"Must be 1 to {MAX_LABEL} small letters and digits, words joined by single hyphens."
_TWICE: FieldError = {
    "loc": ("tags",),
    "msg": "Must not name a tag twice.",
    "type": "unique",
}


def distinct_tags(tags: list[str]) -> list[str]:
    """Return *tags*; `ValidationFailed` where one comes twice."""
    if len(set(tags)) != len(tags):
        raise ValidationFailed(None, [_TWICE])
    return tags


def label_errors(category: str, tags: Iterable[str]) -> Iterator[FieldError]:
    """Yield what is wrong with a category and tags."""
    if not is_label(category):
        yield {"loc": ("category",), "msg": _FORM, "type": "label"}
    given = tuple(tags)
    if len(given) > MAX_TAGS:
        text, limit = f"Must have at most {MAX_TAGS} entries.", {"limit": MAX_TAGS}
        yield {"loc": ("tags",), "msg": text, "type": "too_long", "params": limit}
    if len(set(given)) != len(given):
        yield _TWICE
    for position, tag in enumerate(given):
        if not is_label(tag):
            yield {"loc": ("tags", position), "msg": _FORM, "type": "label"}


def is_label(text: str) -> bool:
    """Tell whether *text* can be a category or a tag."""
    return len(text) <= MAX_LABEL and LABEL.fullmatch(text) is not None
