"""A mutant: a reliability bug as a small patch to the real code."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class PatchDoesNotApply(AssertionError):
    """The code that a mutant changes has changed; the mutant has to follow it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Text in a file (a path from the project's root), and what stands there instead."""

    path: str
    old: str
    new: str

    def applied(self, source: str) -> str:
        """Return *source* changed; `PatchDoesNotApply` unless the text is there exactly once."""
        times = source.count(self.old)
        if times != 1:
            raise PatchDoesNotApply(f"{self.path} has {times} times, not once:\n{self.old}")
        return source.replace(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A planted bug. *breaks* says in a sentence what goes wrong with it."""

    name: str
    breaks: str
    edits: Sequence[Edit]

    def apply(self, root: Path) -> None:
        """Change the files below *root*."""
        for edit in self.edits:
            path = root / edit.path
            path.write_text(edit.applied(path.read_text()))


CLEAN = Mutant("clean", "nothing: the code as it is", ())
"""What must survive."""


def mutant(name: str, breaks: str, path: str, old: str, new: str) -> Mutant:
    """Return a mutant of one edit."""
    return Mutant(name, breaks, (Edit(path, old, new),))
