"""How many series of custom metrics a busy environment writes at most, from templates and code."""

from collections.abc import Iterator
from math import prod
from typing import Any

from tools.check.emitted import DEFAULTS, emitted
from tools.check.project import functions_of, stacks
from tools.local.templates import Template, alternatives, load_template

STATUSES = 4
"""What a route answers with in an hour: done, not found, refused, invalid."""
FEW = {
    "backend": 1, "error": 3, "function": 1, "kind": 4, "outcome": 3, "permission": 3, "rule": 2,
    "task": 2,
}  # fmt: skip
"""Values of a label of which templates say nothing, as a busy hour has them."""
ONLY_IN = {"Cache": "gateway", "Task": "operations", "SagaAge": "orders", "Oldest": "orders"}
"""Where a metric is written whose code every service has."""


def series() -> dict[str, int]:
    """Return the most series by service, each metric with each value of its labels."""
    return {name: _of(name, load_template(path)) for name, path in stacks().items()}


def _of(service: str, template: Template) -> int:
    consumers, routes, operations = _counted(template)
    sizes = FEW | {"consumer": consumers, "route": routes, "dependency": 1}
    sizes["operation"] = len(operations)
    requests = 2 * routes * STATUSES  # how many, and how long
    rest = (
        prod(sizes[label] for label in labels - DEFAULTS)
        for metric, found in emitted().items()
        if all(not metric.startswith(k) or v == service for k, v in ONLY_IN.items())
        for labels in found
    )
    return requests + sum(rest)


def _counted(template: Template) -> tuple[int, int, set[str]]:
    """Return how many consumers and routes there are, and the operations that are allowed."""
    events = [
        event
        for function in functions_of(template).values()
        for event in function.get("Events", {}).values()
    ]
    routes = {e["Properties"].get("Path") for e in events if e["Type"] == "HttpApi"} - {None}
    consumers = sum(e["Type"] == "SQS" for e in events)
    return consumers, len(routes), set(_operations(template))


def _operations(template: Template) -> Iterator[str]:
    for function in functions_of(template).values():
        for policy in alternatives(function.get("Policies", [])):
            said: Any = policy["Statement"]
            for statement in [said] if isinstance(said, dict) else said:
                actions: Any = statement["Action"]
                yield from [actions] if isinstance(actions, str) else actions
