"""How the answer about this function's health looks."""

from typing import Annotated, Literal

from pydantic import Field

from shared.platform.http.models import View
from shared.platform.runtime.release import Release


class HealthBody(View):
    """The function runs, and which release of it; what the system stands on is asked elsewhere."""

    status: Literal["ok"] = "ok"
    version: Annotated[str, Field(examples=["0.1.0"])]
    commit: Annotated[str | None, Field(examples=["6d0814f0a1b2"])]
    built_at: Annotated[str | None, Field(examples=["2026-11-29T20:41:03Z"])]

    @classmethod
    def of(cls, release: Release) -> "HealthBody":
        """Return the body of *release*."""
        return cls(version=release.version, commit=release.commit, built_at=release.built_at)
