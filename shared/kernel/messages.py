"""How a sentence for people is filled in; who says one has it: an error its own, an endpoint its.

Programs read codes and details, never a sentence.
"""

from functools import lru_cache
from string import Formatter
from typing import Any


def say(sentence: str, /, **values: object) -> str:
    """Return *sentence* with *values* filled in: ``{name}``, ``{data.id}``.

    ``{count:order|orders}`` is a number and its noun ("1 order", "12 orders"); lists are joined
    by commas. `KeyError` for a value that is missing: a mistake of ours.
    """
    if "{" not in sentence:
        return sentence
    said = ""
    for text, path, format_spec in _parts(sentence):
        said += text
        if path:
            value: Any = values[path[0]]
            for attribute in path[1:]:
                value = getattr(value, attribute)
            said += _as_text(value, format_spec)
    return said


@lru_cache(maxsize=64)  # a function has a few; parsing one takes longer than filling it in
def _parts(sentence: str) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """Return *sentence* as texts, each with the path of the value behind it, and its format."""
    return tuple(
        (text, () if name is None else tuple(name.split(".")), format_spec or "")
        for text, name, format_spec, _ in Formatter().parse(sentence)
    )


def _as_text(value: Any, format_spec: str) -> str:
    if isinstance(value, str) and not format_spec:
        return value
    one, is_counted, many = format_spec.partition("|")
    if is_counted:
        return f"{value} {one if value == 1 else many}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return format(value, format_spec)
