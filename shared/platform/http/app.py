"""One HTTP endpoint = one Lambda function: a FastAPI app with a single route behind Mangum.

app = create_app(wiring, says="Order {data.id} is placed.")

@app.post("/api/v1/orders", dependencies=[require_permission(Permission.ORDER_PLACE)])
async def endpoint(body: PlaceOrderBody, user: CurrentUser) -> Reply[OrderView]: ...

handler = lambda_handler(app)
"""

from shared.platform.entry import lifecycle

lifecycle.begin_init()

# ruff: noqa: E402  # the garbage collector pauses during the imports that follow
import asyncio
from collections.abc import Callable
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from mangum import Mangum
from mangum.handlers.api_gateway import HTTPGateway
from starlette.types import ASGIApp, Scope

from shared.platform.entry.reporting import report
from shared.platform.http.endpoint import DONE, EndpointApp, Says
from shared.platform.http.envelope import failure
from shared.platform.http.gateway_event import checked
from shared.platform.http.injection import build_injected
from shared.platform.http.middleware.cache_control import CacheControlMiddleware
from shared.platform.http.middleware.compression import CompressionMiddleware
from shared.platform.http.middleware.cors import CorsMiddleware
from shared.platform.http.middleware.envelope import EnvelopeMiddleware
from shared.platform.http.middleware.errors import ErrorHandlerMiddleware
from shared.platform.http.middleware.guard import RequestGuardMiddleware
from shared.platform.http.middleware.metrics import MetricsMiddleware
from shared.platform.http.middleware.request_context import RequestContextMiddleware
from shared.platform.http.middleware.security_headers import SecurityHeadersMiddleware
from shared.platform.http.middleware.timeout import TimeoutMiddleware
from shared.platform.http.middleware.tracing import TracingMiddleware
from shared.platform.runtime.context import request_context
from shared.platform.runtime.errors import DeadlineExceeded
from shared.platform.runtime.services import context_of

if TYPE_CHECKING:
    from shared.platform.http.deprecation import Deprecation
    from shared.platform.http.forwarded import Identify
    from shared.platform.rate_limits.rules import RateLimit

Middleware = Callable[[ASGIApp], ASGIApp]


def RateLimitMiddleware(app: ASGIApp) -> ASGIApp:  # noqa: N802  # stands for the class
    """Make the middleware, and load it with all it needs: few functions have limits."""
    from shared.platform.http.middleware import rate_limit  # noqa: PLC0415

    return rate_limit.RateLimitMiddleware(app)


def DeprecationMiddleware(app: ASGIApp) -> ASGIApp:  # noqa: N802  # stands for the class
    """Make the middleware, and load it: few functions are deprecated."""
    from shared.platform.http.middleware import deprecation  # noqa: PLC0415

    return deprecation.DeprecationMiddleware(app)


CHAIN: tuple[Middleware, ...] = (
    RequestContextMiddleware,
    TracingMiddleware,
    MetricsMiddleware,
    RequestGuardMiddleware,
    TimeoutMiddleware,
    RateLimitMiddleware,
    CorsMiddleware,
    SecurityHeadersMiddleware,
    DeprecationMiddleware,
    CacheControlMiddleware,
    CompressionMiddleware,
    EnvelopeMiddleware,
    ErrorHandlerMiddleware,
)
"""The middleware in their one order, outermost first."""

_WARM_UP = {
    "version": "2.0",
    "routeKey": "$default",
    "rawPath": "/-/warm-up",
    "rawQueryString": "",
    "headers": {"host": "localhost"},
    "requestContext": {
        "http": {
            "method": "GET",
            "path": "/-/warm-up",
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
        }
    },
    "isBase64Encoded": False,
}


def create_app(
    wiring: ModuleType | str,
    *,
    says: Says = DONE,
    without: tuple[Middleware, ...] = (),
    secret_body: bool = False,
    limits: "tuple[RateLimit, ...]" = (),
    deprecation: "Deprecation | None" = None,
    identify: "Identify | None" = None,
) -> EndpointApp:
    """Return the app of one endpoint, with the chain less the middleware named.

    *wiring* is the context's, whose services it uses; the context's name where it uses none.
    *says* is the sentence that its answers open with, or one for each status it answers with; it
    is filled in as `shared.kernel.messages` tells, from what `Reply` names.
    *limits* are the rules its requests are counted against, if any; *deprecation* says with what
    it is to be replaced.
    *identify* knows API keys where no authorizer does, and a buyer's address may be stated.
    *secret_body* says that the body holds a password: its idempotency fingerprint is then keyed
    with the service's secret.
    """
    needless = {RateLimitMiddleware: not limits, DeprecationMiddleware: deprecation is None}
    left_out = (*without, *(middleware for middleware, is_so in needless.items() if is_so))
    kept = tuple(middleware for middleware in CHAIN if middleware not in left_out)
    secret = _secret if secret_body else None
    return EndpointApp(
        context_of(wiring),
        says=says,
        chain=kept,
        fingerprint_key=secret,
        limits=limits,
        deprecation=deprecation,
        identify=identify,
    )


def _secret() -> str:
    from shared.platform.aws.secrets import service_secret  # noqa: PLC0415  # only where it is used

    return service_secret().get().current


class _HttpApi(HTTPGateway):
    """Mangum's reading of an HTTP API's event: the only kind that comes, and read once."""

    @classmethod
    def infer(cls, *_: Any) -> bool:
        return True

    @cached_property
    def scope(self) -> Scope:
        return super().scope


def lambda_handler(app: EndpointApp) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """Return the Lambda handler of *app*, warmed up: init pays for what the first request needs.

    The wiring is built and a request that matches nothing goes through everything, so that a
    wrong setting fails the cold start and not a customer.
    """
    mangum = Mangum(
        cast("Any", app.asgi()),
        lifespan="off",
        text_mime_types=["text/", "application/"],
        custom_handlers=[_HttpApi],
    )

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        with lifecycle.invocation(context):
            try:
                answer = mangum(checked(event), context)
            except (Exception, DeadlineExceeded) as error:  # noqa: BLE001  # outside the chain
                _abandon()
                report(error, function=app.route_path, arguments={})
                answer = _answer(error)
        if _asks_for_head(event):
            # What GET would say, length and tag included, without what it would send.
            answer |= {"body": "", "isBase64Encoded": False}
        return answer

    with request_context(request_id="warm-up"), app.quietly():
        build_injected()
        if app.has_endpoint:
            app.endpoint.build()
        mangum(_WARM_UP, None)  # type: ignore[arg-type]
    lifecycle.end_init()
    return handle


def _asks_for_head(event: Any) -> bool:
    try:
        return bool(event["requestContext"]["http"]["method"] == "HEAD")
    except (LookupError, TypeError):
        return False  # no request at all: it was answered as such


def _abandon() -> None:
    """End what the event loop still holds: the next invocation must not go on with it."""
    loop = asyncio.get_event_loop()
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))


def _answer(error: BaseException) -> dict[str, Any]:
    status, headers, body = failure(error)
    return {
        "statusCode": status,
        "headers": {key.decode(): value.decode() for key, value in headers},
        "body": body.decode(),
        "isBase64Encoded": False,
    }
