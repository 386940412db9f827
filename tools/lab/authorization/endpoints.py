"""The endpoints with what they declare: read off the templates and the handlers' own routes."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shared.platform.access.permissions import Permission
from shared.platform.access.security import (
    Freshness,
    Ownership,
    Reserve,
    Rule,
    current_user,
    optional_user,
)
from tools.build.imports import at_import
from tools.check.loaded import reached
from tools.check.project import ROOT, functions_of
from tools.lab.privileges.symbols import System
from tools.local.http_api import expand_http_apis
from tools.local.templates import Template

CATCH_ALL = "$default"


class Undeclared(Exception):  # says what is wrong with the route
    """A route declares no rule, or more than one."""


@dataclass(frozen=True)
class Endpoint:
    """One route of one function, and who may do what there."""

    service: str
    use_case: str
    method: str
    path: str
    protected: bool = field(compare=False)
    """Whether the gateway asks the authorizer who is calling, before the function hears of it."""

    @property
    def name(self) -> str:
        """How people write it."""
        return f"{self.method} {self.path}"

    @property
    def function(self) -> str:
        """``service/use_case``."""
        return f"{self.service}/{self.use_case}"

    @property
    def module(self) -> Any:
        """The handler's module."""
        return importlib.import_module(f"functions.{self.service}.{self.use_case}.handler")

    @cached_property
    def modules(self) -> frozenset[str]:
        """Our modules that its handler loads."""
        return reached(at_import(ROOT / "functions" / self.function / "handler.py"))

    @cached_property
    def route(self) -> Any:
        """The route as FastAPI knows it."""
        return self.module.app.endpoint

    @cached_property
    def dependencies(self) -> list[Any]:
        """Every dependency of the route, nested ones included."""
        return list(_nested(self.route.dependant))

    @property
    def rule(self) -> Rule:
        """The one rule; `Undeclared` without exactly one."""
        rules = [each.rule for each in self.dependencies if hasattr(each, "rule")]
        if len(rules) != 1:
            raise Undeclared(f"{self.name} declares {len(rules)} rules; it needs exactly one")
        found: Rule = rules[0]
        return found

    @property
    def ownership(self) -> Ownership | None:
        """Whose objects it acts on."""
        return next((d.ownership for d in self.dependencies if hasattr(d, "ownership")), None)

    @property
    def reserves(self) -> list[Reserve]:
        """What it keeps for holders of a permission."""
        return [each.reserve for each in self.dependencies if hasattr(each, "reserve")]

    @property
    def freshness(self) -> Freshness | None:
        """How old a log-in it takes, where that matters."""
        return next((d.freshness for d in self.dependencies if hasattr(d, "freshness")), None)

    @property
    def names_an_object(self) -> bool:
        """Whether the path says which object is meant; a list, say, shows the caller's own."""
        return "{" in self.path

    @property
    def asks_who(self) -> bool:
        """Whether the endpoint wants to know who is calling."""
        return (
            self.rule.kind != "public"
            or self.ownership is not None
            or bool(self.reserves)
            or any(each in (optional_user, current_user) for each in self.dependencies)
        )

    @property
    def permissions(self) -> list[Permission]:
        """Every permission that the declarations mention."""
        others = [self.ownership.others] if self.ownership and self.ownership.others else []
        reserved = [each.permission for each in self.reserves]
        return list(dict.fromkeys([*self.rule.permissions, *others, *reserved]))

    @property
    def success(self) -> int:
        """The status of an answer to somebody who may."""
        return int(self.route.status_code or 200)


def endpoints(system: System) -> list[Endpoint]:
    """Return the endpoints of every service, by path and method."""
    found = [
        Endpoint(
            service=system.context(stack),
            use_case=properties["CodeUri"].strip("./"),
            method=event["Properties"]["Method"].upper(),
            path=event["Properties"]["Path"],
            protected=f"{event['Properties']['Method'].upper()} {event['Properties']['Path']}"
            in authorized,
        )
        for stack, template in system.templates.items()
        if stack != "root"
        for authorized in [authorized_routes(system.translated[stack])]
        for properties in functions_of(template).values()
        for event in properties.get("Events", {}).values()
        if event["Type"] == "HttpApi" and event["Properties"]["Path"] != CATCH_ALL
    ]
    return sorted(found, key=lambda each: (each.path, each.method))


def authorized_routes(translated: Template) -> set[str]:
    """Return the routes before which the gateway asks an authorizer, as SAM translates them."""
    return {
        resource["Properties"]["RouteKey"]
        for resource in expand_http_apis(translated)["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Route"
        and resource["Properties"]["AuthorizationType"] != "NONE"
    }


def _nested(dependant: Any) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from _nested(each)
