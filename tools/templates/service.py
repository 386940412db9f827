"""What a stack's template says by hand, as far as something follows from it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tools.local.templates import Template, parse_template
from tools.templates.markers import by_hand

RELAY = "RelayEvents"
CATCH_ALL = "$default"
"""The route of what no other route of an API matches."""

ALIAS = "live"
"""Everything that invokes a function goes to this alias of it, never to what is not published."""

WEB = "Web"
"""The layer of functions that are called over HTTP."""

_STAYING = (
    *("TableName", "TableArn", "SecretArn", "EventBusName"),
    *("QueueArns", "DeadLetterArns", "RelayDeadLetters"),
)
"""Ends of the names of parameters whose values stay for as long as the stack does."""
_COMMON = ("RateLimitFactor",)
"""Parameters that several services have, which are declared where they are referred to."""
_FUNCTION = "AWS::Serverless::Function"
_ADDRESSED = re.compile(r"FunctionArn: !Ref (\w+Function)\.Alias\b")
_LAYER = re.compile(r"!Ref (\w+)Layer\b")
_REFERENCE = re.compile(r"(?:!Ref |!GetAtt |\$\{|\bRef: )[\"']?(\w+)")


def camel(name: str) -> str:
    """Return `a_name` as logical ids have it: `AName`."""
    return "".join(word.capitalize() for word in name.split("_"))


@dataclass(frozen=True)
class Service:
    """The template of one stack of a service without its generated regions."""

    name: str
    """The context's: that of all its functions, whichever stack they are in."""
    hand: str
    part: str = ""
    """Which stack of its context it is; the first has no name of its own."""
    first: "Service | None" = None
    """The stack that has the context's table, where that is another one."""

    @classmethod
    def read(
        cls, name: str, text: str, part: str = "", first: "Service | None" = None
    ) -> "Service":
        """Read the template of *name*, or of a *part* of it."""
        return cls(name, by_hand(text), part, first)

    @property
    def stack(self) -> str:
        """Return the stack's name, which is the context's for its first."""
        return f"{self.name}_{self.part}" if self.part else self.name

    @property
    def said(self) -> str:
        """Return the stack's name as people say it."""
        return f"{self.name} ({self.part})" if self.part else self.name

    @property
    def application(self) -> str:
        """Return the context's name as logical ids have it."""
        return camel(self.name)

    @cached_property
    def template(self) -> Template:
        """Return the part by hand as data."""
        return parse_template(self.hand)

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        """Return what is declared by hand."""
        found: dict[str, dict[str, Any]] = self.template["Resources"]
        return found

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the properties of the resources of a kind, by logical id."""
        return {
            name: each.get("Properties", {})
            for name, each in self.resources.items()
            if each["Type"] == kind
        }

    @cached_property
    def functions(self) -> dict[str, dict[str, Any]]:
        """Return the functions' properties by name, which is the logical id less `Function`."""
        return {
            logical_id.removesuffix("Function"): properties
            for logical_id, properties in self.of(_FUNCTION).items()
        }

    @cached_property
    def consumers(self) -> list[str]:
        """Return the functions that have a rule, which feeds them through a queue."""
        rules = self.of("AWS::Events::Rule")
        return [name for name in self.functions if f"{name}Rule" in rules]

    @property
    def has_relay(self) -> bool:
        """Tell whether the table's events go to the bus."""
        return RELAY in self.functions

    @property
    def has_table(self) -> bool:
        """Tell whether the context has a table of its own."""
        return "Table" in self.resources

    @property
    def uses_table(self) -> bool:
        """Tell whether the context has a table, in this stack or in its first."""
        return self.has_table or (self.first is not None and self.first.has_table)

    @property
    def strangers(self) -> list[str]:
        """Return what it refers to though another stack of its context has it."""
        if self.first is None:
            return []
        own = self.resources.keys() | self.template.get("Parameters", {}).keys()
        referred = set(_REFERENCE.findall(self.hand)) - own
        return sorted(referred & self.first.resources.keys() - {"Api"})

    @property
    def has_api(self) -> bool:
        """Tell whether it is called over HTTP."""
        return "Api" in self.resources or bool(self.routes)

    @cached_property
    def routes(self) -> list[str]:
        """Return the paths of its endpoints, less the one of what no route matches."""
        return sorted(
            event["Path"]
            for name in self.functions
            for event in self.http_events(name)
            if event["Path"] != CATCH_ALL
        )

    def http_events(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield the properties of the events by which a function answers requests."""
        for event in self.functions[name].get("Events", {}).values():
            if event["Type"] == "HttpApi":
                yield event["Properties"]

    def methods(self, name: str, path: str) -> list[str]:
        """Return the methods that a function serves at *path*."""
        return [each["Method"].upper() for each in self.http_events(name) if each["Path"] == path]

    def event(self, name: str, method: str) -> dict[str, Any] | None:
        """Return the properties of a function's event of *method*, if it has one."""
        found = (each for each in self.http_events(name) if each["Method"].upper() == method)
        return next(found, None)

    def answers_the_rest(self, name: str) -> bool:
        """Tell whether a function answers what no route matches."""
        return any(each["Path"] == CATCH_ALL for each in self.http_events(name))

    @property
    def tasks(self) -> list[str]:
        """Return the functions that people invoke: they have no event and no one has their ARN."""
        addressed = set(_ADDRESSED.findall(self.hand))
        return [
            name
            for name, properties in self.functions.items()
            if not properties.get("Events")
            and name not in (*self.consumers, RELAY)
            and f"{name}Function" not in addressed
        ]

    def is_called(self, name: str) -> bool:
        """Tell whether a function answers requests."""
        return any(True for _ in self.http_events(name))

    def faces_clients(self, name: str) -> bool:
        """Tell whether a function sees requests: it answers them, or an API has its address."""
        return self.is_called(name) or f"{name}Function" in _ADDRESSED.findall(self.hand)

    @property
    def layers(self) -> list[str]:
        """Return the layers that functions name."""
        web = {WEB} if any(map(self.is_called, self.functions)) else set()
        return sorted(web | set(_LAYER.findall(self.hand)))

    @property
    def dead_letters(self) -> dict[str, str]:
        """Return who gives messages up, as people say it, by the function's name."""
        found = {name: f"{self.name}.{self.use_case(name)}" for name in self.consumers}
        return found | ({RELAY: f"the relay of {self.name}"} if self.has_relay else {})

    def use_case(self, name: str) -> str:
        """Return the folder of a function."""
        folder: str = self.functions[name]["CodeUri"]
        return folder.strip("./")

    def timeout(self, name: str, default: int) -> int:
        """Return a function's time-out in seconds."""
        shared = self.template.get("Globals", {}).get("Function", {})
        return int(self.functions[name].get("Timeout", shared.get("Timeout", default)))

    def secrets(self, name: str) -> list[str]:
        """Return the references to secrets whose ARNs are in a function's own environment."""
        known = self.of("AWS::SecretsManager::Secret")
        found = []
        for value in self._variables(name).values():
            match value:
                case {"Fn::GetAtt": [str(secret), "Id"]} if secret in known:
                    found.append(f"!GetAtt {secret}.Id")
                case {"Ref": str(given)} if self.first and given.endswith("SecretArn"):
                    found.append(f"!Ref {given}")
        return found

    def parameters_of(self, name: str) -> list[str]:
        """Return the parameters in the environment of a function that may change and be read."""
        shared = self.template.get("Globals", {}).get("Function", {}).get("Environment", {})
        given = str([shared.get("Variables", {}), self._variables(name)])
        declared: dict[str, dict[str, Any]] = self.template.get("Parameters", {})
        changing = [
            parameter
            for parameter, about in declared.items()
            if not about.get("NoEcho") and not parameter.endswith(_STAYING)
        ]
        return [each for each in (*changing, *_COMMON) if re.search(rf"\b{each}\b", given)]

    @property
    def table_arn(self) -> str:
        """Return the reference to the context's table."""
        return "!GetAtt Table.Arn" if self.has_table else "!Ref TableArn"

    def sends_mails(self, name: str) -> bool:
        """Tell whether a function may send mails."""
        return "ses:SendEmail" in str(self.functions[name].get("Policies", ""))

    def reads_flags(self, name: str) -> bool:
        """Tell whether a function asks for feature flags and does no more with them."""
        allowed = str(self.functions[name].get("Policies", ""))
        return "FLAGS_APPCONFIG" in self._variables(name) and "appconfig:" not in allowed

    def _variables(self, name: str) -> dict[str, Any]:
        environment = self.functions[name].get("Environment", {})
        found: dict[str, Any] = environment.get("Variables", {})
        return found
