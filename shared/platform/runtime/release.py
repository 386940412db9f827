"""Which code runs: version, commit and build time, as the build writes them into ``RELEASE``.

The text is a semantic version with build metadata: ``0.1.0+6d0814f0a1b2.20261129T204103Z``.
"""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a release is known by; *commit* and *built_at* where the build has said them."""

    version: str
    commit: str | None = None
    built_at: str | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the release that *text* names; what is not there is not known."""
        version, _, build = text.partition("+")
        commit, _, built = build.partition(".")
        date, _, clock = built.removesuffix("Z").partition("T")
        when = f"{date[:4]}-{date[4:6]}-{date[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z"
        return cls(version=version, commit=commit or None, built_at=when if clock else None)
