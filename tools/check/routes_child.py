"""Imports an HTTP handler as Lambda does and prints its routes: `FOLDER PATH…`, run with `-S -E`.

Prints a JSON list of `{"method", "path", "access"}`; `access` names the rules that the route
declares, each a list of permissions or `["public"]`.
"""

import importlib
import json
import sys
from typing import Any


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


if __name__ == "__main__":
    sys.path[0:1] = sys.argv[1:]
    sys.stdout.write(json.dumps(routes(importlib.import_module("handler").app)) + "\n")
