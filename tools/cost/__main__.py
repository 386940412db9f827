"""Dollars per million calls of every endpoint, and per million orders: ``make cost``.

Writes ``docs/cost.md`` and prints its tables.
"""

import sys

from rich.console import Console
from rich.markdown import Markdown

from tools.check.project import ROOT
from tools.cost.measure import phases
from tools.cost.prices import Prices
from tools.cost.report import markdown
from tools.entry import guarded

REPORT = ROOT / "docs" / "cost.md"


@guarded
def main() -> int:
    """Measure, write and show the report."""
    text = markdown(phases(), Prices.read())
    REPORT.write_text(text, encoding="utf-8")
    Console().print(Markdown(text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
