"""The API as one WSGI application in this process: routes, the authorizer, the functions."""

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tools.lab.fuzz.request import Request
from tools.lab.fuzz.samples import Operation
from tools.lab.fuzz.scene import Scene

StartResponse = Callable[[str, list[tuple[str, str]]], object]
DOCUMENT = "/openapi.json"


class Gateway:
    """Serves *operations* about *scene*, and the *document* that describes them."""

    def __init__(
        self, scene: Scene, operations: Iterable[Operation], document: Mapping[str, Any]
    ) -> None:
        self.scene = scene
        self._routes = [(_pattern(each.path), each) for each in operations]
        self._document = json.dumps(document).encode()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        # The target as the client sent it: WSGI's own PATH_INFO is decoded already.
        target = environ.get("REQUEST_URI") or environ["PATH_INFO"]
        path = target.partition("?")[0]
        if path == DOCUMENT:
            start_response("200 OK", [("Content-Type", "application/json")])
            return [self._document]
        request = Request(
            environ["REQUEST_METHOD"],
            path,
            environ.get("QUERY_STRING", ""),
            tuple(_headers(environ)),
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or None,
        )
        outcome = self.scene.send(self._function(request), request)
        assert outcome.answer is not None, outcome.raised
        answer = outcome.answer
        body = answer.get("body") or ""
        raw = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
        headers = [*answer["headers"].items()]
        start_response(f"{answer['statusCode']} Answer", headers)
        return [raw]

    def _function(self, request: Request) -> str:
        """Return the function that the gateway would pick; another of the path for its 405."""
        on_path = [each for pattern, each in self._routes if pattern.fullmatch(request.path)]
        on_path.sort(key=lambda each: each.path.count("{"))  # /orders/stuck is no {order_id}
        exact = [each for each in on_path if each.method == request.method]
        found = exact or on_path or [self._routes[0][1]]
        return found[0].function


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


def _headers(environ: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in environ.items():
        if name == "HTTP_ACCEPT_ENCODING":
            continue  # nobody unpacks answers on the way back
        if name.startswith("HTTP_"):
            yield name.removeprefix("HTTP_").replace("_", "-").lower(), value
        elif name == "CONTENT_TYPE" and value:
            yield "content-type", value
