"""What the front door's secret says of a request, for those who have its ASGI scope."""

from starlette.types import Scope

from shared.platform.access import front_door
from shared.platform.http.middleware.asgi import header

_HEADER = front_door.HEADER.encode()


def came_through(scope: Scope) -> bool:
    """Tell whether a request proves that it came through the front door."""
    return front_door.is_there() and front_door.proves(header(scope, _HEADER))


def passed_by(scope: Scope) -> bool:
    """Tell whether a request ought to have come through the front door, and did not.

    The request of a warm-up comes from this function itself.
    """
    from_outside = scope.get("aws.context") is not None
    return front_door.is_there() and from_outside and not came_through(scope)
