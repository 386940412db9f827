"""Makes the skeleton of a use case: ``python -m tools.new orders/list_orders --route "GET …"``.

What it writes passes `make check`, answers its sample event, and fails one test that says what to
write.
"""

import sys
from pathlib import Path

from tools.check.project import ROOT
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.new.errors import CannotMake
from tools.new.making import Making
from tools.new.wanted import understood


@guarded
def main(arguments: list[str], root: Path = ROOT) -> int:
    """Return 0, or 2 after saying why there can be no such use case."""
    parser = Parser(prog="python -m tools.new", description=__doc__)
    parser.add_argument("use_case", help="<context>/<verb>_<noun>")
    parser.add_argument("--route", default="", help='such as "GET /api/v1/orders/all"')
    parser.add_argument("--event", default="", help="such as order.reserved, for a consumer")
    parser.add_argument("--stack", default="", help="admin, for a context's second template")
    asked = parser.parse_args(arguments)
    try:
        wanted = understood(root, asked.use_case, asked.route, asked.event, asked.stack)
        making = Making(wanted, root)
        making.make()
    except CannotMake as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    for title, paths in (("new", making.new), ("changed", making.changed)):
        for path in paths:
            sys.stdout.write(f"{title:8}{path.relative_to(root)}\n")
    sys.stdout.write(f"What to write: {making.first_test}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
