"""What was granted and never used, and what was used and is not granted."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tools.lab.privileges.granted import Grant, PlatformGrant
from tools.lab.privileges.used import UNKNOWN, Use


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome; it *holds* when the three lists are empty and something was looked at."""

    grants: int
    uses: int
    unplaced: int
    unused: list[Grant]
    missing: list[Use]
    baseless: list[PlatformGrant]

    @property
    def holds(self) -> bool:
        """Whether every role allows what its function does, and no more."""
        return bool(self.grants and self.uses) and not (
            self.unused or self.missing or self.baseless
        )


def compare(
    grants: Iterable[Grant], platform: Iterable[PlatformGrant], uses: Iterable[Use]
) -> Comparison:
    """Compare at the level of actions, tables, indexes, queues, buses and secrets.

    A use whose resource nothing tells (a test that made its own) needs the action on some
    resource; it shows no grant to be used.
    """
    grants, uses = list(grants), list(uses)
    placed = [use for use in uses if use.resource != UNKNOWN]
    return Comparison(
        grants=len(grants),
        uses=len(uses),
        unplaced=len(uses) - len(placed),
        unused=[grant for grant in grants if not any(allows(grant, use) for use in placed)],
        missing=sorted(use for use in uses if not any(allows(grant, use) for grant in grants)),
        baseless=[each for each in platform if not each.reason],
    )


def allows(grant: Grant, use: Use) -> bool:
    """Tell whether *grant* is what lets *use* happen."""
    return (
        (grant.function, grant.action) == (use.function, use.action)
        and (use.resource == UNKNOWN or fnmatchcase(use.resource, grant.resource))
    )  # fmt: skip
