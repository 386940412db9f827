"""What an API's ``$default`` route answers: all that no other route of the API takes.

A path that the API has with another method is 405, and ``Allow`` says which methods it takes
(RFC 9110 §15.5.6); ``OPTIONS`` gets the same list without a refusal (§9.3.7). The rest is 404.
"""

import re

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_PARAMETER = re.compile(r"\\\{\w+\\\}")


class Unmatched:
    """Serves the rest of an API whose *routes* are ``GET,HEAD /things POST /things/{id}/end``."""

    def __init__(self, routes: str) -> None:
        words = routes.split()
        self._routes = [
            (_pattern(path), tuple(methods.split(",")))
            for methods, path in zip(words[::2], words[1::2], strict=True)
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = self.methods(scope["path"])
        if not taken:
            raise HTTPException(404)
        allow = {"allow": ", ".join(taken)}
        if scope["method"] != "OPTIONS":
            raise HTTPException(405, headers=allow)
        await Response(status_code=204, headers=allow)(scope, receive, send)

    def methods(self, path: str) -> list[str]:
        """Return the methods that *path* takes, in their order; none where there is nothing.

        Where two routes match, such as ``/orders/stuck`` and ``/orders/{order_id}``, the gateway
        takes the methods of both.
        """
        taken = {
            each for pattern, found in self._routes if pattern.fullmatch(path) for each in found
        }
        return sorted(taken | {"OPTIONS"}) if taken else []


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_PARAMETER.sub("[^/]+", re.escape(path)))
