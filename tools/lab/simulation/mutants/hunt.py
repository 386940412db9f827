"""Looks for a violation in the code as it lies here.

``python -m tools.lab.simulation.mutants.hunt``
prints a JSON line for each seed that went well (``{"seed": 3}``) and ends with the violation
(``{"seed": 4, "rule": …, "violation": …}``) or with ``{"survived": 300}``. Runs in a process of
its own, in a copy of the project that has a bug.
"""

import json
import sys
from collections.abc import Sequence

from tools.entry.arguments import Parser
from tools.lab.simulation.trying import try_seed


def main(arguments: Sequence[str]) -> int:
    parser = Parser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="the seed that is tried before all")
    asked = parser.parse_args(arguments)
    seeds = asked.seeds
    for seed in dict.fromkeys([asked.first, *range(seeds)]):
        violation = try_seed(seed).violation
        if violation is not None:
            rule = getattr(violation, "name", type(violation).__name__)
            _say(seed=seed, rule=rule, violation=str(violation))
            return 0
        _say(seed=seed)
    _say(survived=seeds)
    return 0


def _say(**fact: object) -> None:
    sys.stdout.write(json.dumps(fact) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
