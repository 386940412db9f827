"""Dollars per million calls of every endpoint, and per million orders: ``make cost``.

Writes ``docs/cost.md`` and prints its tables.
"""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.markdown import Markdown

from tools.check.project import ROOT
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.measure.cost.measure import phases
from tools.measure.cost.prices import Prices
from tools.measure.cost.report import markdown

REPORT = ROOT / "docs" / "cost.md"


@guarded
def main(arguments: Sequence[str]) -> int:
    """Measure, write and show the report."""
    Parser(description=__doc__).parse_args(arguments)
    text = markdown(phases(), Prices.read())
    REPORT.write_text(text, encoding="utf-8")
    Console().print(Markdown(text))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
