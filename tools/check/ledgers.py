"""Whether the simulator's ledgers can be trusted, and what they lack of the code as it is.

``python -m tools.check.ledgers``: what is lacking or stale is told, no failure; it is played and
hunted before a release (`make seeds`, `make mutants`). A row that was changed by hand is one.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.lab.simulation.ledger import ledger as seeds
from tools.lab.simulation.ledger.__main__ import TARGET
from tools.lab.simulation.ledger.code import code_hash
from tools.lab.simulation.ledger.played import lacking
from tools.lab.simulation.mutants import ledger as mutants
from tools.lab.simulation.mutants.catalogue import MUTANTS


@guarded
def main(
    arguments: Sequence[str], played: Path = seeds.LEDGER, caught: Path = mutants.LEDGER
) -> int:
    Parser(description=__doc__).parse_args(arguments)
    rows, known = seeds.played(played), mutants.caught(caught)
    if gone := sorted(known.keys() - {each.name for each in MUTANTS}):
        print(f"{caught.name} has mutants that are in no catalogue: {', '.join(gone)}")
        return 1
    missing = sum(map(len, lacking(range(TARGET), code_hash(), rows)))
    fresh = len(MUTANTS) - len(mutants.stale(MUTANTS, known))
    print(
        f"{len(rows) + len(known)} rows; of the code as it is, {TARGET - missing} of {TARGET} "
        f"seeds are played and {fresh} of {len(MUTANTS)} mutants caught"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
