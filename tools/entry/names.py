"""Names that people type: known, or refused with the nearest that there is."""

from collections.abc import Collection
from difflib import get_close_matches

from tools.entry.guard import ToolError

_LISTED = 20


class UnknownName(ToolError, LookupError):
    """There is no such thing; the message names the nearest, or all that there are."""


def known(name: str, names: Collection[str], what: str) -> str:
    """Return *name* if it is among *names*; `UnknownName` says what would be."""
    if name in names:
        return name
    raise UnknownName(f"There is no {what} named {name}.{nearest(name, names)}")


def nearest(name: str, names: Collection[str]) -> str:
    """Return the half of a message that helps: `` Did you mean …?``, or what there is."""
    by_end = {each.rpartition("/")[2].rpartition(".")[2]: each for each in names}
    close = get_close_matches(name, names, n=1) or [
        by_end[each] for each in get_close_matches(name, by_end, n=1)
    ]
    if close:
        return f" Did you mean {close[0]}?"
    if not names:
        return " There are none."
    some = sorted(names)[:_LISTED]
    more = f" and {len(names) - len(some)} more" if len(names) > len(some) else ""
    return f" There are: {', '.join(some)}{more}."
