"""How the answer about readiness looks."""

from typing import Annotated

from pydantic import Field

from shared.gateway.domain.readiness import Readiness
from shared.platform.http.models import View


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
