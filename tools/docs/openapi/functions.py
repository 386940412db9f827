"""The endpoint functions and their apps, loaded into this process.

The templates say which routes there are; an app that serves another route than its template says,
or none, is an error here: the document would describe an API that is not deployed.
"""

import importlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shared.platform.http.endpoint import EndpointApp
from tools.check.environment import environment_of
from tools.check.project import ROOT
from tools.docs.catalogue import Route, routes
from tools.entry.guard import ToolError

# Of a process that is Lambda; this one is not, and its collector has to go on.
_LAMBDA_ONLY = "AWS_LAMBDA_FUNCTION_NAME"


class RouteMismatch(ToolError):
    """Templates and handlers disagree about the routes; the message lists each difference."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One deployed route and the app behind it."""

    route: Route
    app: EndpointApp

    @property
    def context(self) -> str:
        """The bounded context: ``orders``."""
        return self.route.function.partition("/")[0]

    @property
    def use_case(self) -> str:
        """The function's name in its context: ``place_order``."""
        return self.route.function.partition("/")[2]


def load(root: Path = ROOT) -> list[Endpoint]:
    """Return every endpoint, by path; `RouteMismatch` where a handler serves another route.

    Importing a handler builds its services, so the environment is completed from the templates
    first; what it has already stays.
    """
    listed = routes(root)
    for route in listed:
        found = environment_of(root / "functions" / route.function / "handler.py")
        for name, value in found.items():
            if name != _LAMBDA_ONLY:
                os.environ.setdefault(name, value)
    endpoints = [Endpoint(route, _app(route)) for route in listed]
    check(endpoints)
    return endpoints


def _app(route: Route) -> EndpointApp:
    module = importlib.import_module(f"functions.{route.function.replace('/', '.')}.handler")
    app: EndpointApp = module.app
    return app


def check(endpoints: Iterable[Endpoint]) -> None:
    """Hold every app to its template: one route each, with that method and path, and only once."""
    wrong, seen = [], set()
    for endpoint in endpoints:
        route = endpoint.route
        served = {
            (method, getattr(each, "path", "?"))
            for each in endpoint.app.routes
            for method in getattr(each, "methods", ())
        }
        declared = (route.method, route.path)
        expected = {declared, ("HEAD", route.path)} if route.method == "GET" else {declared}
        if served != expected:
            wrong.append(f"{route.function}: the template says {declared}, the app {served}")
        if declared in seen:
            wrong.append(f"{route.function}: {declared} is another function's route, too")
        seen.add(declared)
    if wrong:
        raise RouteMismatch("\n".join(wrong))
