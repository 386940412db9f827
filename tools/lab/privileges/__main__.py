"""Run the tests that call functions, then compare: ``python -m tools.lab.privileges``.

With ``--record FOLDER`` it only compares, with the record that a run left in FOLDER.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from tools.check import stages
from tools.entry.guard import guarded
from tools.lab.privileges.compare import Comparison, compare
from tools.lab.privileges.granted import PlatformGrant, granted
from tools.lab.privileges.symbols import System
from tools.lab.privileges.used import used


def check(folder: Path) -> int:
    """Compare with the record in *folder* and print the outcome; 1 when it does not hold."""
    system = System()
    own, platform = granted(system)
    outcome = compare(own, platform, used(system, folder))
    report(outcome, platform, functions=len(system.functions()))
    return 0 if outcome.holds else 1


def report(outcome: Comparison, platform: list[PlatformGrant], *, functions: int) -> None:
    """Print what does not fit, then what was looked at."""
    for grant in outcome.unused:
        print(f"granted, never used: {grant.function} {grant.action} {grant.resource}")
    for use in outcome.missing:
        print(f"used, not granted:   {use.function} {use.action} {use.resource}")
    for each in outcome.baseless:
        print(f"granted for nobody:  {each.function} {each.name}")
    for reason, number in Counter(each.reason for each in platform if each.reason).items():
        print(f"for the platform in {number} roles: {reason}")
    print(
        f"{functions} functions: {outcome.grants} grants against {outcome.uses} kinds of call "
        f"({outcome.unplaced} of them on a resource of a test's own): "
        f"{len(outcome.unused)} unused, {len(outcome.missing)} missing"
    )


@guarded
def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", type=Path, help="a record to compare with, without a run")
    folder = parser.parse_args().record
    if folder is not None:
        return check(folder)
    with stages.recording() as folder:
        failed = any(stages.run(stage).code for stage in stages.CALLING)
        return check(folder) or int(failed)


if __name__ == "__main__":
    sys.exit(main())
