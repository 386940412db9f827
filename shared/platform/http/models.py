"""What every request's body and every answer's data is made of.

A context's models stand together in one module, and a function needs few of them: pydantic builds
a model's validator (a millisecond or two of a cold start) when it is first used, and
`shared.platform.http.app.lambda_handler` uses those of its endpoint while the function starts.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.kernel.errors import FieldError


class Body(BaseModel):
    """What a client sends: types are not converted, and a field that is not known is an error."""

    model_config = ConfigDict(strict=True, extra="forbid", defer_build=True)

    @classmethod
    def further(cls, given: Mapping[str, Any], path: Mapping[str, str]) -> Iterable[FieldError]:  # noqa: ARG003
        """Yield what the domain has against a body beside that with which its schema is at odds.

        *given* is the body as it came, without the fields that are wrong already, and *path* the
        parameters of the path. Asked only about a request that is refused anyway, so that its
        answer has everything; what a body is taken by, `to_command` and the domain decide.
        """
        return ()


class View(BaseModel):
    """What a client is shown."""

    model_config = ConfigDict(defer_build=True)
