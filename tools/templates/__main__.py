"""Writes the generated regions of all templates, or shows what they would be (`--check`)."""

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.check.project import ROOT
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.templates.errors import TemplateError
from tools.templates.project import completed


@guarded
def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Return 0, or 1 when `--check` finds that a template is not what it should be."""
    parser = Parser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    asked = parser.parse_args(arguments)
    try:
        found = completed(root)
    except TemplateError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    stale = {path: text for path, text in found.items() if path.read_text("utf-8") != text}
    for path, text in stale.items():
        name = str(path.relative_to(root))
        if asked.check:
            sys.stdout.writelines(_difference(name, path.read_text("utf-8"), text))
        else:
            path.write_text(text, "utf-8")
            sys.stdout.write(f"{name}: written\n")
    if stale and asked.check:
        sys.stdout.write(
            "templates: the generated regions are out of date; run `make templates`\n"
        )
        return 1
    sys.stdout.write(f"{len(found)} templates are as they should be\n")
    return 0


def _difference(name: str, found: str, wanted: str) -> list[str]:
    before, after = (text.splitlines(keepends=True) for text in (found, wanted))
    names = (f"{name} as it is", f"{name} as it should be")
    return list(difflib.unified_diff(before, after, *names, n=1))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
