"""Imports HTTP handlers as Lambda does and prints their routes: `PATH…`, run with `-S -E`.

Reads a JSON list of `[folder, environment]` and prints for each, as a line, a JSON list of
`{"method", "path", "access"}`; `access` names the rules that the route declares, each a list of
permissions or `["public"]`. What is not ours is imported once, and each handler in a copy of this
process, so that none sees another.
"""

import importlib
import json
import os
import sys
from typing import Any

_OTHERS = ("aws_lambda_powertools", "botocore.session", "fastapi", "mangum")


def rules(dependant: Any) -> list[list[str]]:
    """The rules among a route's dependencies, nested ones included."""
    found = [list(dependant.call.access)] if hasattr(dependant.call, "access") else []
    for nested in dependant.dependencies:
        found += rules(nested)
    return found


def routes(app: Any) -> list[dict[str, Any]]:
    return [
        {"method": method, "path": route.path, "access": rules(route.dependant)}
        for route in app.routes
        for method in sorted(route.methods)
    ]


def show(folder: str, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    sys.path.insert(0, folder)
    sys.stdout.write(json.dumps(routes(importlib.import_module("handler").app)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.path[0:1] = sys.argv[1:]
    for name in _OTHERS:
        importlib.import_module(name)
    for folder, environment in json.load(sys.stdin):
        copy = os.fork()
        if not copy:
            show(folder, environment)
            sys.exit()
        if os.waitpid(copy, 0)[1]:
            sys.exit(f"{folder}: the handler does not start")
