"""Health over HTTP."""

from typing import Annotated, Literal

from pydantic import Field

from shared.gateway.domain.readiness import Readiness
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


class DependencyBody(View):
    """One dependency and how long it took to answer."""

    name: Annotated[str, Field(examples=["event-bus"])]
    status: Annotated[str, Field(description="ok or down")]
    latency_ms: Annotated[float, Field(examples=[4.2])]


class ReadinessBody(View):
    """Whether what the services stand on is there: down as soon as one dependency is."""

    status: Annotated[str, Field(description="ok or down")]
    dependencies: list[DependencyBody]

    @classmethod
    def of(cls, readiness: Readiness) -> "ReadinessBody":
        """Return the body of *readiness*."""
        return cls(
            status=readiness.status,
            dependencies=[
                DependencyBody(name=each.name, status=each.status, latency_ms=each.latency_ms)
                for each in readiness.dependencies
            ],
        )
