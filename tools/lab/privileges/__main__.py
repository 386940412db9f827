"""Run the tests that call functions, then compare: ``python -m tools.lab.privileges``.

With ``--record FOLDER`` it only compares, with the record that a run left in FOLDER; ``--without``
names the tiers that the run skipped. What each of the others is needed for is checked, too: the
comparison is repeated as if it had been skipped. How consistently each place of the product reads
is compared with ``reads.toml``.
"""

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from tools.check import stages
from tools.check.running import run_all
from tools.check.tiers import NAMES, TIERS
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.lab.privileges import reads
from tools.lab.privileges.compare import Comparison, compare
from tools.lab.privileges.granted import PlatformGrant, granted
from tools.lab.privileges.symbols import System
from tools.lab.privileges.used import used


def check(folder: Path, skipped: Collection[str] = ()) -> int:
    """Compare with the record in *folder* and print the outcome; 1 when it does not hold."""
    system = System()
    own, platform = granted(system)
    holds = True
    for without in _left_out(skipped):
        declared = [each for tier in TIERS if tier.name in without for each in tier.grants]
        outcome = compare(own, platform, used(system, folder, without), declared)
        report(outcome, platform, functions=len(system.functions()), without=without)
        holds = holds and outcome.holds
    return 0 if holds else 1


def check_reads(folder: Path, skipped: Collection[str] = ()) -> int:
    """Compare how the product reads with what is written of it; 1 when it differs."""
    found = reads.differences(reads.written(), reads.seen(folder), complete=not skipped)
    reads.report(found)
    return 0 if found.holds else 1


def _left_out(skipped: Collection[str]) -> Iterator[frozenset[str]]:
    """Yield the tiers to leave out: what was skipped, one more of the others each, then all."""
    there = sorted(NAMES.difference(skipped))
    yield frozenset(skipped)
    yield from (frozenset({*skipped, name}) for name in there)
    if len(there) > 1:
        yield NAMES


def report(
    outcome: Comparison,
    platform: list[PlatformGrant],
    *,
    functions: int,
    without: Collection[str] = (),
) -> None:
    """Print what does not fit, then what was looked at."""
    where = f" (without {', '.join(sorted(without))})" if without else ""
    for grant in outcome.unused:
        print(f"granted, never used{where}: {grant.function} {grant.action} {grant.resource}")
    for use in outcome.missing:
        print(f"used, not granted{where}: {use.function} {use.action} {use.resource}")
    for each in outcome.baseless:
        print(f"granted for nobody:  {each.function} {each.name}")
    for grant in outcome.misplaced:
        print(
            f"declared for what is left out, yet used or not granted{where}: "
            f"{grant.function} {grant.action} {grant.resource}"
        )
    for grant in outcome.left_out:
        print(f"left out{where}: {grant.function} {grant.action} {grant.resource}")
    if not without:
        for reason, number in Counter(each.reason for each in platform if each.reason).items():
            print(f"for the platform in {number} roles: {reason}")
    print(
        f"{functions} functions{where}: "
        f"{outcome.grants} grants against {outcome.uses} kinds of call "
        f"({outcome.unplaced} of them on a resource of a test's own): "
        f"{len(outcome.unused)} unused, {len(outcome.missing)} missing, "
        f"{len(outcome.left_out)} left out"
    )


@guarded
def main(arguments: Sequence[str]) -> int:
    parser = Parser(description=__doc__)
    parser.add_argument("--record", type=Path, help="a record to compare with, without a run")
    parser.add_argument(
        "--without", nargs="*", default=[], choices=sorted(NAMES), help="tiers that were skipped"
    )
    options = parser.parse_args(arguments)
    if options.record is not None:
        return _both(options.record, options.without)
    with stages.recording() as folder:
        outcomes = list(run_all(stages.CALLING))
        skipped = {tier for outcome in outcomes for tier in outcome.tiers_skipped}
        return _both(folder, skipped) or int(any(outcome.code for outcome in outcomes))


def _both(folder: Path, skipped: Collection[str]) -> int:
    return max(check(folder, skipped), check_reads(folder, skipped))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
