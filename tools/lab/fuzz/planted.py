"""Endpoints with one mistake each, that the fuzzer has to find. None is deployed."""

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse

from shared.platform.http.app import create_app
from shared.kernel.errors import BusinessRuleViolation, FieldError, ValidationFailed
from shared.platform.access.security import public
from shared.platform.aws.clients import dynamodb
from shared.platform.dynamodb.codec import to_item
from shared.platform.http.endpoint import EndpointApp
from shared.platform.http.reply import Reply
from shared.platform.http.route import Endpoint as RouteOfOurs
from tools.docs.catalogue import Route
from tools.docs.openapi.functions import Endpoint


class Lax(BaseModel):
    """Takes "1" for 1 and does not mind what else is there."""

    model_config = ConfigDict(
        strict=False, extra="ignore", json_schema_extra={"additionalProperties": False}
    )

    count: int = 1
    note: str = "a"


_NOTHING: dict[str, None] = {}


class Strict(BaseModel):
    """As every body here should be."""

    model_config = ConfigDict(strict=True, extra="forbid")

    count: int = 1
    note: str = "a"


def _posting(build: Callable[[EndpointApp], None]) -> EndpointApp:
    app = create_app("catalog")
    build(app)
    return app


def fails_on_long_notes(app: EndpointApp) -> None:
    """An unexpected exception: 500."""

    @app.post("/planted", dependencies=[public])
    async def endpoint(body: Strict) -> Reply[None]:
        return Reply(None if len(body.note) < 9 else _NOTHING["missing"])


def writes_then_refuses(app: EndpointApp) -> None:
    """Stores first and checks afterwards."""

    @app.post("/planted", dependencies=[public])
    async def endpoint(body: Strict) -> Reply[None]:
        item = to_item({"PK": "Planted#1", "SK": "STATE", "count": body.count})
        dynamodb().put_item(TableName="catalog", Item=item)
        if body.count != 1:
            raise BusinessRuleViolation("One, please.")
        return Reply(None)


def answers_by_itself(app: EndpointApp) -> None:
    """An answer that is not in the envelope."""

    @app.post("/planted", dependencies=[public])
    async def endpoint(body: Strict) -> JSONResponse:
        return JSONResponse({"ok": body.count > 0}, status_code=200 if body.count else 400)


def takes_what_its_schema_refuses(app: EndpointApp) -> None:
    """A body that is not strict."""

    @app.post("/planted", dependencies=[public])
    async def endpoint(body: Lax) -> Reply[int]:
        return Reply(body.count)


def says_too_much(app: EndpointApp) -> None:
    """An error message with the exception's own words."""

    @app.post("/planted", dependencies=[public])
    async def endpoint(body: Strict) -> Reply[None]:
        if body.note != "a":
            raise BusinessRuleViolation("botocore.exceptions.ClientError: no")
        return Reply(None)


def reflects_into_a_header(app: EndpointApp) -> None:
    """A header made of what the client sent."""

    @app.post("/planted", dependencies=[public])
    async def endpoint(body: Strict) -> Reply[None]:
        return Reply(None, headers={"x-note": body.note.encode().decode("latin-1")})


def points_at_nothing(app: EndpointApp) -> None:
    """An error about a parameter that the route does not have."""

    @app.post("/planted", dependencies=[public])
    async def endpoint(body: Strict) -> Reply[None]:
        if body.note != "a":
            wrong: FieldError = {"loc": ("query", "remark"), "msg": "Must be a.", "type": "a"}
            raise ValidationFailed(None, [wrong])
        return Reply(None)


class _Careless(RouteOfOurs):
    """Does not look at the names of the query's parameters."""

    def _unknown_parameters(self, _request: object) -> list[dict[str, object]]:
        return []


def ignores_parameters(app: EndpointApp) -> None:
    """A misspelt filter changes nothing and is not told."""
    app.router.route_class = _Careless

    @app.post("/planted", dependencies=[public])
    async def endpoint(body: Strict) -> Reply[int]:
        return Reply(body.count)


PLANTED: dict[str, tuple[Callable[[EndpointApp], None], str]] = {
    "a 500": (fails_on_long_notes, "status 500"),
    "a write before a refusal": (writes_then_refuses, "write after a refusal"),
    "no envelope": (answers_by_itself, "outside the envelope"),
    "lax types": (takes_what_its_schema_refuses, "accepted what the schema refuses"),
    "internals": (says_too_much, "internals in an answer"),
    "a place that is none": (points_at_nothing, "points at nothing"),
    "a parameter ignored": (ignores_parameters, "accepted a parameter that nobody knows"),
    "a reflected header": (reflects_into_a_header, "unprintable header"),
}
"""What is wrong, the endpoint, and the kind of problem that the fuzzer has to report."""


def planted(name: str) -> Endpoint:
    """Return the endpoint of that mistake, as if a template declared it."""
    build, _ = PLANTED[name]
    route = Route("/planted", "POST", "public", "planted", "catalog/planted")
    return Endpoint(route, _posting(build))
