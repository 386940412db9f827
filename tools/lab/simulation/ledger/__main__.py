"""Plays seeds in pieces and keeps what came of them in ``docs/seeds.toml``: ``make seeds``.

Goes on where it stopped, whatever stopped it: what the ledger has of the code as it is now is not
played again. ``--range 0-4999`` names the seeds (by default the target, from 0 on), ``--minutes``
ends it early, ``--look`` only says what is lacking. Exit status 1 when a seed broke a promise.
"""

import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tools.entry.arguments import Parser
from tools.entry.guard import ToolError, guarded
from tools.lab.simulation.ledger import playing
from tools.lab.simulation.ledger.code import code_hash
from tools.lab.simulation.ledger.ledger import LEDGER, played
from tools.lab.simulation.ledger.played import Played, cut, lacking
from tools.lab.simulation.reporting import Bar, explained, say

TARGET = 20_000
"""So many seeds are asked of a release."""
_ENOUGH = 10
"""Violations after which no more seeds say it better."""
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


@guarded
def main(arguments: Sequence[str], play: playing.Play = playing.play) -> int:
    parser = Parser(prog="make seeds", description=__doc__)
    parser.add_argument("--range", help="the seeds: 0-4999, both played; default: the target")
    parser.add_argument("--target", type=int, default=TARGET, help="how many, from 0 on")
    parser.add_argument("--minutes", type=float, help="begin nothing new after so many")
    parser.add_argument("--processes", type=int, help="how many at a time; default: every core")
    parser.add_argument("--look", action="store_true", help="only say what is lacking")
    parser.add_argument("--ledger", type=Path, default=LEDGER, help="where it is kept")
    asked = parser.parse_args(arguments)
    wanted = _seeds(asked.range) if asked.range else range(asked.target)
    code = code_hash()
    pieces = cut(lacking(wanted, code, played(asked.ledger)), playing.PIECE)
    if pieces and not asked.look:
        until = time.monotonic() + 60 * asked.minutes if asked.minutes else float("inf")
        with Bar("seeds", sum(map(len, pieces))) as bar:
            playing.play_all(
                pieces,
                asked.ledger,
                code=code,
                play=play,
                number=asked.processes,
                until=until,
                done=_Progress(bar),
            )
    mine = [each for each in played(asked.ledger) if each.code == code]
    for line in standing(wanted, code, mine):
        say(line)
    broken = [bad["seed"] for each in mine for bad in each.violations if bad["seed"] in wanted]
    if broken and not asked.look:
        say(explained(min(broken)))
    return 1 if broken else 0


def standing(wanted: range, code: str, mine: Sequence[Played]) -> list[str]:
    """Return what a person wants to know of *wanted*: what is played, lacking and broken."""
    left = lacking(wanted, code, mine)
    number = len(wanted) - sum(map(len, left))
    lines = [f"code {code}: {number} of {len(wanted)} seeds played"]
    if left:
        shown = ", ".join(f"{each[0]}-{each[-1]}" for each in left)
        lines.append(f"lacking: {shown}")
    bad = [(each["seed"], each["says"]) for piece in mine for each in piece.violations]
    lines += [f"VIOLATION with seed {seed}: {says}" for seed, says in sorted(bad)]
    return lines


class _Progress:
    """Shows how far it is, and says when enough is broken."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._seeds = self._broken = 0

    def __call__(self, piece: Played) -> bool:
        self._seeds += len(piece.seeds)
        self._broken += len(piece.violations)
        self._bar.show(self._seeds, self._broken)
        return self._broken < _ENOUGH


def _seeds(text: str) -> range:
    found = _RANGE.fullmatch(text)
    if not found or int(found[2] or found[1]) < int(found[1]):
        raise ToolError(f"{text} is no range of seeds. 0-4999 is one, and 7 is.")
    return range(int(found[1]), int(found[2] or found[1]) + 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
