"""What was granted and never used, and what was used and is not granted."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tools.lab.privileges.granted import Grant, PlatformGrant
from tools.lab.privileges.used import UNKNOWN, Use

Declared = tuple[str, str, str]
"""Function, action and a part of the resource: what only a tier uses."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome; it *holds* when nothing is wrong and something was looked at.

    *left_out* are grants that only a tier uses that was left out; *misplaced* are grants that such
    a tier declares as its own and that were used all the same, or that are not there.
    """

    grants: int
    uses: int
    unplaced: int
    unused: list[Grant]
    missing: list[Use]
    baseless: list[PlatformGrant]
    left_out: list[Grant]
    misplaced: list[Grant]

    @property
    def holds(self) -> bool:
        """Whether every role allows what its function does, and no more."""
        return bool(self.grants and self.uses) and not (
            self.unused or self.missing or self.baseless or self.misplaced
        )


def compare(
    grants: Iterable[Grant],
    platform: Iterable[PlatformGrant],
    uses: Iterable[Use],
    left_out: Collection[Declared] = (),
) -> Comparison:
    """Compare at the level of actions, tables, indexes, queues, buses and secrets.

    A use whose resource nothing tells (a test that made its own) needs the action on some
    resource; it shows no grant to be used. *left_out* is what the tiers that were left out
    declare.
    """
    grants, uses = list(grants), list(uses)
    placed = [use for use in uses if use.resource != UNKNOWN]
    unused = [grant for grant in grants if not any(allows(grant, use) for use in placed)]
    excused = [grant for grant in unused if any(declares(each, grant) for each in left_out)]
    return Comparison(
        grants=len(grants),
        uses=len(uses),
        unplaced=len(uses) - len(placed),
        unused=[grant for grant in unused if grant not in excused],
        missing=sorted(use for use in uses if not any(allows(grant, use) for grant in grants)),
        baseless=[each for each in platform if not each.reason],
        left_out=excused,
        misplaced=[
            Grant(*each) for each in left_out if not any(declares(each, it) for it in excused)
        ],
    )


def declares(declared: Declared, grant: Grant) -> bool:
    """Tell whether a tier's declaration is about *grant*."""
    function, action, part = declared
    return (function, action) == (grant.function, grant.action) and part in grant.resource


def allows(grant: Grant, use: Use) -> bool:
    """Tell whether *grant* is what lets *use* happen.

    A list that a template splits is one grant: whoever operates the system names one of them.
    """
    if (grant.function, grant.action) != (use.function, use.action):
        return False
    return use.resource == UNKNOWN or any(
        fnmatchcase(use.resource, each) for each in grant.resource.split(",")
    )
