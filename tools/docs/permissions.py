"""Who may what, as the table that is written by hand has it (ADR 40)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tools.docs.sections import table
from tools.lab.authorization.table import EVERYTHING, REASONS, Table


def roles(known: Table) -> str:
    """Return what each role gives, one permission a line."""
    given = known.roles
    lines = (
        (f"`{permission}`", *("✓" if permission in given[role] else "" for role in given))
        for permission in sorted(EVERYTHING)
    )
    return table(("Permission", *given), lines)


def reasons(known: Table) -> str:
    """Return why each role gives what it gives."""
    written = known.written["role"]
    return table(("Role", "Why"), ((name, _reason(line)) for name, line in written.items()))


def routes(known: Table) -> str:
    """Return who may call each route, and reach what it names."""
    lines = (
        (
            f"`{name}`",
            _who(line["who"]),
            f"{line['fresh']} minutes" if "fresh" in line else "",
            "; ".join(_objects(line, known.written["object"])),
        )
        for name, line in known.written["route"].items()
    )
    return table(("Route", "Who", "Log-in not older than", "Of what it names or lists"), lines)


def _who(who: str | Sequence[str]) -> str:
    return "anyone" if isinstance(who, str) else _names(who)


def _names(permissions: Sequence[str]) -> str:
    return ", ".join(f"`{each}`" for each in permissions)


def _objects(line: Mapping[str, Any], objects: Mapping[str, Any]) -> Iterator[str]:
    named = line.get("object", line.get("lists", ()))
    for thing in [named] if isinstance(named, str) else named:
        for visibility, word in objects[thing].items():
            skipped = visibility in {*REASONS, "not_there", "unlooked", "missing"}
            if not skipped and visibility in line.get("only", (visibility,)):
                yield f"{visibility} {thing}: {_word(word)}"
    for change, word in line.get("change", {}).items():
        yield f"{change.replace('_', ' ')}: {_word(word)}"


def _word(word: str | Mapping[str, Any]) -> str:
    return word if isinstance(word, str) else _names(word["needs"])


def _reason(line: Mapping[str, Any]) -> str:
    there = [each for each in REASONS[1:] if each in line] or REASONS[:1]
    return " ".join(" ".join(line[each].split()) + "." for each in there)
