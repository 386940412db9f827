"""What every request's body and every answer's data is made of.

A context's models stand together in one module, and a function needs few of them: pydantic builds
a model's validator (a millisecond or two of a cold start) when it is first used, and
`shared.platform.http.app.lambda_handler` uses those of its endpoint while the function starts.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from shared.kernel.errors import FieldError


class Given(NamedTuple):
    """A request that is refused, less the fields that are known to be wrong."""

    body: Mapping[str, Any]
    """As it came."""
    path: Mapping[str, str]
    """Its parameters."""


class Body(BaseModel):
    """What a client sends: types are not converted, and a field that is not known is an error."""

    model_config = ConfigDict(strict=True, extra="forbid", defer_build=True)

    @classmethod
    def further(cls, given: Given) -> Iterable[FieldError]:  # noqa: ARG003  # few have more to say
        """Yield what the domain has against a body beside that with which its schema is at odds.

        Asked only about a request that is refused anyway, so that its answer has everything; what
        a body is taken by, `to_command` and the domain decide.
        """
        return ()


class View(BaseModel):
    """What a client is shown."""

    model_config = ConfigDict(defer_build=True)
