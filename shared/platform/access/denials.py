"""Every refusal for want of a right is logged, counted and published, wherever it was raised."""

import time
from contextlib import suppress
from hashlib import blake2b
from typing import Any

from shared.kernel.errors import ConcurrencyConflict, DomainError, NotFound, PermissionDenied
from shared.platform.runtime.context import RequestContext, current
from shared.platform.runtime.services import Services, provides, services
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.metrics import MetricUnit, metrics

KEPT_SECONDS = 90 * 86_400
"""How long a published denial is kept: a quarter, to look into what was tried."""

_MOST_KNOWN = 1_000
_LONGEST = 200
"""Characters of the caller's own text (the path) that are kept."""


class Published(set[tuple[str, str, int]]):
    """The denials that this container has published: user, route, minute."""


@provides
def published(_: Services) -> Published:
    return Published()


def note_denial(error: DomainError, *, route: str, path: str) -> None:
    """Log and publish *error* if it is a denial: `PermissionDenied`, or a `NotFound` that hides.

    *route* names the endpoint, *path* what was asked for. Published is the first denial of a
    caller with an account at a route in a minute: whoever tries doors writes no more than that,
    and nobody else makes us write. It is kept for `KEPT_SECONDS`. A bus or table that is out of
    order leaves the log line and the count, and the caller's answer as it was.
    """
    hidden = isinstance(error, NotFound) and error.hidden
    if not (hidden or isinstance(error, PermissionDenied)):
        return
    context, logger = current(), get_logger(settings().service)
    needed = [str(name) for name in error.details.get("needed", ())]
    facts: dict[str, Any] = {
        "error": error.code,
        "role": context.role,
        "resource": path[:_LONGEST],
    }
    if hidden:
        metrics.add_metric("ObjectDenied", MetricUnit.Count, 1, route=route)
        logger.warning("object denied", **facts)
    else:
        metrics.add_metric(
            "PermissionDenied", MetricUnit.Count, 1, permission=needed[0] if needed else error.code
        )
        logger.warning("permission denied", needed=needed, **facts)
    try:
        _publish(error, context, needed, route=route, path=path)
    except Exception as failing:  # noqa: BLE001  # see the docstring
        logger.warning("could not publish a denial", error=type(failing).__name__)


def _publish(
    error: DomainError, context: RequestContext, needed: list[str], *, route: str, path: str
) -> None:
    if context.user_id is None or context.role is None:
        return
    now = int(time.time())
    minute = now // 60
    known = (context.user_id, route, minute)
    seen = services.get(Published)
    if known in seen:
        return
    # Rarely needed, so no cold start pays for it.
    from shared.platform.access.denial_events import AccessDenied, Denial, ObjectDenied  # noqa: PLC0415
    from shared.platform.dynamodb.standalone import publish_standalone  # noqa: PLC0415

    facts = {
        "user_id": context.user_id,
        "role": context.role,
        "code": error.code,
        "route": route,
        "resource": path[:_LONGEST],
    }
    where = blake2b(route.encode(), digest_size=6).hexdigest()
    denial = Denial(f"{context.user_id}.{where}.{minute}")
    if isinstance(error, PermissionDenied):
        denial.note(AccessDenied(needed=needed, **facts))
    else:
        denial.note(ObjectDenied(**facts))
    # Another container may have published it: its item is there, and refuses a second one.
    with suppress(ConcurrencyConflict):
        publish_standalone(denial, expires_at=now + KEPT_SECONDS)
    if len(seen) >= _MOST_KNOWN:
        seen.clear()  # what is forgotten costs one refused write
    seen.add(known)
