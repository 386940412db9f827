"""What the functions are, read off the templates and the handlers themselves."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.platform.access.permissions import Permission
from tools.check.project import ROOT, functions_of, stacks
from tools.local.templates import Template, load_template


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """One endpoint: how it is called, who may call it, what it does, which function it is."""

    path: str
    method: str
    access: str
    purpose: str
    function: str


@dataclass(frozen=True, slots=True, order=True)
class Subscription:
    """One consumer: the events it gets, what it does, which function it is."""

    events: str
    purpose: str
    function: str


def routes(root: Path = ROOT) -> list[Route]:
    """Return every HTTP route of every service, by path; ``HEAD`` goes with ``GET``, unsaid."""
    found = []
    for handler, _, properties in _functions(root):
        for event in properties.get("Events", {}).values():
            route = event["Properties"]
            if event["Type"] == "HttpApi" and not _goes_unsaid(route):
                found.append(
                    Route(
                        path=route["Path"],
                        method=route["Method"].upper(),
                        access=_access(handler),
                        purpose=_purpose(handler),
                        function=_name(handler),
                    )
                )
    return sorted(found)


def _goes_unsaid(route: Mapping[str, Any]) -> bool:
    path, method = str(route["Path"]), str(route["Method"])
    return path == "$default" or method.upper() == "HEAD"


def subscriptions(root: Path = ROOT) -> list[Subscription]:
    """Return every consumer of the bus with the events that its rule lets through."""
    found = []
    for handler, template, properties in _functions(root):
        for event in properties.get("Events", {}).values():
            if event["Type"] == "SQS":
                queue = event["Properties"]["Queue"]["Fn::GetAtt"][0]
                found.append(
                    Subscription(
                        events=", ".join(_event_types(template, queue)),
                        purpose=_purpose(handler),
                        function=_name(handler),
                    )
                )
    return sorted(found)


def _functions(root: Path) -> Iterator[tuple[Path, Template, dict[str, Any]]]:
    for path in stacks(root).values():
        template = load_template(path)
        for properties in functions_of(template).values():
            yield path.parent / properties["CodeUri"] / "handler.py", template, properties


def _event_types(template: Template, queue: str) -> list[str]:
    """Return the detail types of the rules whose target is *queue*."""
    return sorted(
        detail_type
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Events::Rule"
        and any(
            t["Arn"] == {"Fn::GetAtt": [queue, "Arn"]} for t in resource["Properties"]["Targets"]
        )
        for detail_type in resource["Properties"]["EventPattern"]["detail-type"]
    )


def _purpose(handler: Path) -> str:
    """Return what the docstring says after its dash."""
    docstring = ast.get_docstring(ast.parse(handler.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0].partition(" — ")[2].rstrip(".")


def _access(handler: Path) -> str:
    """Return the rule that the route declares: permissions, or that it is public."""
    names = {
        str(Permission[node.attr])
        for node in ast.walk(ast.parse(handler.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Permission"
    }
    source = handler.read_text(encoding="utf-8")
    if "dependencies=[public]" in source:
        return "public"
    return ", ".join(f"`{name}`" for name in sorted(names)) or "?"


def _name(handler: Path) -> str:
    return f"{handler.parent.parent.name}/{handler.parent.name}"
