"""``python -m tools.lab.fuzz --requests 100000 [--seed 1]``; for one case again, ``--only N``."""

import os
import sys
from collections.abc import Sequence

from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.lab.fuzz import campaign
from tools.lab.fuzz.cases import IN_PROCESS
from tools.lab.fuzz.report import by_route, summary, unused
from tools.lab.fuzz.runner import Tally


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign; 1 when anything failed, or nothing was tried."""
    options = _parser().parse_args(arguments)
    if options.only is not None:
        tally = campaign.begin(options.routes).replay(options.seed, options.only)
        campaign.end()
    else:
        tally = campaign.run(
            options.seed, options.requests, workers=options.workers, only=options.routes
        )
    _print(tally)
    if options.only is None and (missing := unused(tally, IN_PROCESS)):
        sys.stdout.write(f"attacks that were never made: {', '.join(missing)}\n")
    return 1 if tally.failures or not tally.requests else 0


def _print(tally: Tally) -> None:
    write = sys.stdout.write
    for line in (*by_route(tally), "", *summary(tally)):
        write(f"{line}\n")
    for failure in tally.failures:
        write(f"\n{failure}\n")


def _parser() -> Parser:
    parser = Parser(prog="python -m tools.lab.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="N", help="run this one case again")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--routes", default="", help="part of the routes' names to attack")
    return parser


if __name__ == "__main__":
    sys.exit(main())
