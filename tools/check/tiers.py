"""Tiers: tests that need a program beside Python and make, and what only such tests show.

Where the program is missing, a tier's tests are skipped with a reason that names the tier. Gates
then leave out what the tier would have shown, and say so.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from tools.check.project import ROOT

WITHOUT = "without "
"""How the reason of a skipped tier begins: its name and a colon follow."""
DOWNLOADS = "TIERS_DOWNLOADS"
"""The variable with the folder for what tiers download, `.cache` unless it is set."""


def downloads() -> Path:
    """Return the folder for what tiers download."""
    return Path(os.environ.get(DOWNLOADS, ROOT / ".cache"))


@dataclass(frozen=True, slots=True)
class Tier:
    """Tests named by a fixture or a mark; *programs* are what they look for on the PATH.

    *grants* are (function, action, part of the resource): what the templates allow and only these
    tests use. The least-privilege gate derives them anew whenever the tier is there.
    """

    name: str
    programs: tuple[str, ...]
    grants: tuple[tuple[str, str, str], ...] = ()

    def reason(self, missing: str) -> str:
        """Return why a test of the tier is skipped."""
        return f"{WITHOUT}{self.name}: {missing}"


TIERS = (
    Tier("chromium", ("chromium", "chromium-browser", "google-chrome")),
    Tier("dynamodb_local", ("java", "node", "npm", "npx")),
    Tier(
        "redis",
        ("redis-server", "valkey-server"),
        grants=(
            ("gateway/get_product_details", "secretsmanager:GetSecretValue", "CacheRedisSecret"),
        ),
    ),
)
NAMES = frozenset(tier.name for tier in TIERS)


def named(name: str) -> Tier:
    """Return the tier of that name; `KeyError` for none."""
    return {tier.name: tier for tier in TIERS}[name]


def skipped_by(reason: str) -> str:
    """Return the tier whose absence *reason* tells, or nothing."""
    name = reason.removeprefix(WITHOUT).partition(":")[0]
    return name if reason.startswith(WITHOUT) and name in NAMES else ""
