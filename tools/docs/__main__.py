"""Writes the generated tables of the documents, or checks them (`--check`)."""

import sys
from collections.abc import Callable, Mapping, Sequence

from tools.check.project import ROOT
from tools.docs import permissions, played
from tools.docs.catalogue import routes, subscriptions
from tools.docs.sections import replace_section, table
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.lab.authorization.table import Table
from tools.lab.simulation.ledger import ledger
from tools.lab.simulation.mutants import ledger as mutants
from tools.lab.simulation.mutants.table import markdown


def _routes() -> str:
    return table(
        ("Method", "Path", "Who", "What", "Function"),
        ((r.method, f"`{r.path}`", r.access, r.purpose, f"`{r.function}`") for r in routes()),
    )


def _events() -> str:
    return table(
        ("Events", "What happens", "Function"),
        ((s.events, s.purpose, f"`{s.function}`") for s in subscriptions()),
    )


SECTIONS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "README.md": {"routes": _routes, "events": _events},
    "docs/permissions.md": {
        "roles": lambda: permissions.roles(Table.read()),
        "reasons": lambda: permissions.reasons(Table.read()),
        "routes": lambda: permissions.routes(Table.read()),
    },
    "docs/reliability.md": {
        "seeds": lambda: played.seeds(ledger.played()),
        "mutants": lambda: markdown(mutants.caught()),
    },
}
"""Document → section → what it has to be."""


@guarded
def main(arguments: Sequence[str]) -> int:
    """Return 0, or 1 when `--check` finds a document out of date."""
    parser = Parser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    asked = parser.parse_args(arguments)
    code = 0
    for name, sections in SECTIONS.items():
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        fresh = text
        for section, write in sections.items():
            fresh = replace_section(fresh, section, write())
        if fresh != text and asked.check:
            sys.stderr.write(f"{name}: the tables are out of date; run `make docs`\n")
            code = 1
        elif fresh != text:
            path.write_text(fresh, encoding="utf-8")
    verb = "are listed" if asked.check else "stand"
    sys.stdout.write(f"{len(routes())} routes and {len(subscriptions())} consumers {verb}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
