"""The cloud as the real templates describe it: tables, functions, rules, queues, mappings.

Nothing of it is restated here. A template that says something this reader does not know is an
error, so that the simulator cannot quietly test another system than the one that is deployed.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from shared.platform.events import patterns as event_patterns
from tools.check.project import stacks
from tools.lab.simulation.world.intrinsics import Intrinsics
from tools.local.templates import Template, load_template

ROOT = Path(__file__).parents[4]
_WITHOUT_END = -1


@dataclass(frozen=True, kw_only=True)
class FunctionSpec:
    """One function: its code and what its container finds there."""

    name: str
    context: str
    environment: Mapping[str, str]
    timeout: float

    @property
    def path(self) -> Path:
        """Where its handler is."""
        return ROOT / "functions" / self.name.replace(".", "/") / "handler.py"


@dataclass(frozen=True, kw_only=True)
class RouteSpec:
    """One route of an HTTP API."""

    function: str
    method: str
    path: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, kw_only=True)
class QueueSpec:
    """A queue, its dead-letter queue, and the mapping to its consumer."""

    name: str
    dlq: str
    consumer: str
    visibility_timeout: float
    max_receive_count: int
    batch_size: int


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A rule of the bus that feeds a queue."""

    consumer: str
    queue: str
    dlq: str
    pattern: Mapping[str, Any]

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the rule lets *event* through."""
        types = self.pattern.get("detail-type", ())
        named = types and all(isinstance(each, str) for each in types)
        if named and event["detail-type"] not in types:
            return False  # most rules end here
        return event_patterns.matches(self.pattern, event)


@dataclass(frozen=True, kw_only=True)
class StreamSpec:
    """A table's stream and the mapping to its relay."""

    table: str
    function: str
    view: str
    batch_size: int
    bisects: bool
    max_retries: int | None
    """How often a batch is tried again; for as long as its records are not too old."""
    max_age: float
    filters: tuple[Mapping[str, Any], ...]
    dlq: str


@dataclass(kw_only=True)
class Cloud:
    """Everything that is deployed."""

    tables: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    functions: dict[str, FunctionSpec] = field(default_factory=dict)
    routes: list[RouteSpec] = field(default_factory=list)
    queues: dict[str, QueueSpec] = field(default_factory=dict)
    subscriptions: list[Subscription] = field(default_factory=list)
    streams: list[StreamSpec] = field(default_factory=list)

    unmatched: dict[str, str] = field(default_factory=dict)
    """Service → the function that answers what none of its routes matches."""


@cache
def deployed(root: Path = ROOT) -> Cloud:
    """Return what the templates of all services describe."""
    cloud = Cloud()
    for path in stacks(root).values():
        _Service(path.parent.name, load_template(path)).add_to(cloud)
    cloud.routes.sort(key=lambda route: route.path.count("{"))
    return cloud


class _Service:
    def __init__(self, context: str, template: Template) -> None:
        self._context = context
        self._template = template
        self._resources: dict[str, dict[str, Any]] = template["Resources"]
        self._intrinsics = Intrinsics(context, template)
        self._value, self._table = self._intrinsics.value, self._intrinsics.table

    def add_to(self, cloud: Cloud) -> None:
        for name, properties in self._of("AWS::DynamoDB::Table"):
            cloud.tables[self._table(name)] = properties
        events: list[tuple[str, dict[str, Any]]] = []
        for _, properties in self._of("AWS::Serverless::Function"):
            spec = self._function(properties)
            cloud.functions[spec.name] = spec
            events += [(spec.name, each) for each in properties.get("Events", {}).values()]
        for function, event in events:
            self._trigger(cloud, function, event["Type"], event["Properties"])
        for _, properties in self._of("AWS::Events::Rule"):
            event_patterns.check(properties["EventPattern"])
            for target in properties["Targets"]:
                queue = cloud.queues[self._value(target["Arn"])]
                cloud.subscriptions.append(
                    Subscription(
                        consumer=queue.consumer,
                        queue=queue.name,
                        dlq=queue.dlq,
                        pattern=properties["EventPattern"],
                    )
                )

    def _of(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        return [
            (name, resource["Properties"])
            for name, resource in self._resources.items()
            if resource["Type"] == kind
            and ("Condition" not in resource or self._intrinsics.holds(resource["Condition"]))
        ]

    def _function(self, properties: Mapping[str, Any]) -> FunctionSpec:
        shared = self._template["Globals"]["Function"]
        variables = {
            **shared.get("Environment", {}).get("Variables", {}),
            **properties.get("Environment", {}).get("Variables", {}),
        }
        return FunctionSpec(
            name=f"{self._context}.{properties['CodeUri'].strip('/')}",
            context=self._context,
            environment={name: str(self._value(value)) for name, value in variables.items()},
            timeout=float(properties.get("Timeout", shared["Timeout"])),
        )

    def _trigger(
        self, cloud: Cloud, function: str, kind: str, properties: Mapping[str, Any]
    ) -> None:
        match kind:
            case "HttpApi":
                if properties["Path"] == "$default":
                    cloud.unmatched[self._context] = function
                else:
                    cloud.routes.append(_route(function, properties))
            case "SQS":
                queue = self._queue(function, properties)
                cloud.queues[queue.name] = queue
            case "DynamoDB":
                cloud.streams.append(self._stream(function, properties))
            case "Schedule":
                pass  # the workload starts it, now and then
            case _:
                raise NotImplementedError(f"{function}: an event of type {kind}")

    def _queue(self, function: str, mapping: Mapping[str, Any]) -> QueueSpec:
        name = self._value(mapping["Queue"])
        properties = self._resources[mapping["Queue"]["Fn::GetAtt"][0]]["Properties"]
        if mapping["FunctionResponseTypes"] != ["ReportBatchItemFailures"]:
            raise NotImplementedError(f"{function}: {mapping['FunctionResponseTypes']}")
        redrive = properties["RedrivePolicy"]
        return QueueSpec(
            name=name,
            dlq=self._value(redrive["deadLetterTargetArn"]),
            consumer=function,
            visibility_timeout=float(properties["VisibilityTimeout"]),
            max_receive_count=int(redrive["maxReceiveCount"]),
            batch_size=int(mapping["BatchSize"]),
        )

    def _stream(self, function: str, mapping: Mapping[str, Any]) -> StreamSpec:
        table = mapping["Stream"]["Fn::GetAtt"][0]
        retries = int(mapping["MaximumRetryAttempts"])
        properties = self._resources[table]["Properties"]
        filters = [
            json.loads(each["Pattern"])
            for each in mapping.get("FilterCriteria", {}).get("Filters", [])
        ]
        for each in filters:
            event_patterns.check(each)
            if not (
                each.keys() <= {"eventName", "dynamodb"} and each["dynamodb"].keys() == {"Keys"}
            ):
                raise NotImplementedError(f"{function}: a filter on more than keys: {each}")
        return StreamSpec(
            table=self._table(table),
            function=function,
            view=properties["StreamSpecification"]["StreamViewType"],
            batch_size=int(mapping["BatchSize"]),
            bisects=bool(mapping.get("BisectBatchOnFunctionError", False)),
            max_retries=None if retries == _WITHOUT_END else retries,
            max_age=float(mapping["MaximumRecordAgeInSeconds"]),
            filters=tuple(filters),
            dlq=self._value(mapping["DestinationConfig"]["OnFailure"]["Destination"]),
        )


def _route(function: str, properties: Mapping[str, Any]) -> RouteSpec:
    path = properties["Path"]
    return RouteSpec(
        function=function,
        method=properties["Method"].upper(),
        path=path,
        pattern=re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)),
    )
