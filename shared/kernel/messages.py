"""How a sentence for people is filled in; who says one has it: an error its own, an endpoint its.

Programs read codes and details, never a sentence.
"""

from string import Formatter
from typing import Any


def say(sentence: str, /, **values: object) -> str:
    """Return *sentence* with *values* filled in: ``{name}``, ``{data.id}``.

    ``{count:order|orders}`` is a number and its noun ("1 order", "12 orders"); lists are joined
    by commas. `KeyError` for a value that is missing: a mistake of ours.
    """
    return _FORMATTER.vformat(sentence, (), values) if "{" in sentence else sentence


class _Sentences(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        one, is_counted, many = format_spec.partition("|")
        if is_counted:
            return f"{value} {one if value == 1 else many}"
        if isinstance(value, list | tuple):
            return ", ".join(map(str, value))
        return format(value, format_spec)


_FORMATTER = _Sentences()
