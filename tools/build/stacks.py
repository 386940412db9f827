"""What `make build` builds, a line each: ``python -m tools.build.stacks``.

``name=template``, by the one list of the templates that everything goes through.
"""

import sys
from collections.abc import Sequence

from tools.check.project import ROOT, stacks
from tools.entry.arguments import Parser
from tools.entry.guard import guarded


@guarded
def main(arguments: Sequence[str]) -> int:
    """Print the stacks that the root composes."""
    Parser(description=__doc__).parse_args(arguments)
    for name, path in stacks().items():
        print(f"{name}={path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
