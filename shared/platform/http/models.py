"""What every request's body and every answer's data is made of.

A context's models stand together in one module, and a function needs few of them: pydantic builds
a model's validator (a millisecond or two of a cold start) when it is first used, and
`shared.platform.http.app.lambda_handler` uses those of its endpoint while the function starts.
"""

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """What a client sends: types are not converted, and a field that is not known is an error."""

    model_config = ConfigDict(strict=True, extra="forbid", defer_build=True)


class View(BaseModel):
    """What a client is shown."""

    model_config = ConfigDict(defer_build=True)
