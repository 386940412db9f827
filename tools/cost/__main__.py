"""Dollars per million calls of every endpoint, and per million orders: ``make cost``.

Writes ``docs/cost.md`` and prints its tables. CPU times come from ``docs/benchmarks.json``, which
``make bench`` writes; without it the report is refused, because it would lack what matters.
"""

import json
import sys

from rich.console import Console
from rich.markdown import Markdown

from tools.check.project import ROOT
from tools.cost.measure import phases
from tools.cost.prices import Prices
from tools.cost.report import markdown

TIMES = ROOT / "docs" / "benchmarks.json"
REPORT = ROOT / "docs" / "cost.md"


def main() -> int:
    """Write the report; 2 when there are no times to go by."""
    if not TIMES.exists():
        sys.stderr.write("docs/benchmarks.json is missing: run `make bench` first\n")
        return 2
    cpu_seconds = json.loads(TIMES.read_text("utf-8"))["warm_cpu_seconds"]
    text = markdown(phases(), Prices.read(), cpu_seconds)
    REPORT.write_text(text, encoding="utf-8")
    Console().print(Markdown(text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
