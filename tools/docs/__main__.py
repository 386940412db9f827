"""Writes the generated tables of the README, or checks that they are up to date (`--check`)."""

import sys
from collections.abc import Sequence

from tools.check.project import ROOT
from tools.docs.catalogue import routes, subscriptions
from tools.docs.sections import replace_section, table
from tools.entry.arguments import Parser
from tools.entry.guard import guarded


@guarded
def main(arguments: Sequence[str]) -> int:
    """Return 0, or 1 when `--check` finds the README out of date."""
    parser = Parser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    asked = parser.parse_args(arguments)
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    listed, consumers = routes(), subscriptions()
    fresh = replace_section(
        text,
        "routes",
        table(
            ("Method", "Path", "Who", "What", "Function"),
            ((r.method, f"`{r.path}`", r.access, r.purpose, f"`{r.function}`") for r in listed),
        ),
    )
    fresh = replace_section(
        fresh,
        "events",
        table(
            ("Events", "What happens", "Function"),
            ((s.events, s.purpose, f"`{s.function}`") for s in consumers),
        ),
    )
    if fresh == text:
        sys.stdout.write(f"README: {len(listed)} routes and {len(consumers)} consumers listed\n")
        return 0
    if asked.check:
        sys.stderr.write("README: the tables are out of date; run `make docs`\n")
        return 1
    path.write_text(fresh, encoding="utf-8")
    sys.stdout.write(f"README: wrote {len(listed)} routes and {len(consumers)} consumers\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
