"""Additions to files that are there."""

import re
from pathlib import Path

from tools.new.errors import CannotMake


def append(path: Path, text: str, *imports: str, head: str = "") -> None:
    """Add a definition to the end of a module, and what it imports to its imports.

    A module that is not there is made, with *head*.
    """
    source = path.read_text("utf-8") if path.exists() else head
    for each in imports:
        if each not in source:
            source = _imported(source, each)
    path.write_text(f"{source.rstrip()}\n\n\n{text.strip()}\n", "utf-8")


def insert(path: Path, text: str, *, before: str) -> None:
    """Put *text* before the first place where the expression *before* matches."""
    source = path.read_text("utf-8")
    place = re.search(before, source, re.MULTILINE)
    if not place:
        raise CannotMake(f"{path} has no place for an addition: nothing matches {before}")
    path.write_text(source[: place.start()] + text + source[place.start() :], "utf-8")


def _imported(source: str, line: str) -> str:
    """Add an import beside the first one of ours; sorting it is the formatter's work."""
    place = re.search(r"^from shared", source, re.MULTILINE)
    if place is None:
        return f"{source.rstrip()}\n\n{line}\n"
    return f"{source[: place.start()]}{line}\n{source[place.start() :]}"
