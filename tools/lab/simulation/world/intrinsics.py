"""What a template's intrinsic functions come to here: names of the world, and its parameters."""

import re
from collections.abc import Mapping
from typing import Any

from tools.local.templates import Template

BUS = "bus"
FLAGS = "flags/live/flags"
"""The flags in AppConfig: application, environment and profile."""
QUEUES = "https://sqs.simulated/"
"""Where queues are: their names follow."""

_PARAMETERS = {
    "Environment": "test",
    "EventBusName": BUS,
    "AuthorizerFunctionArn": "arn:aws:lambda:eu-west-1:000000000000:function:authorize",
    "OriginVerifyHashes": "",
    "FlagsAppConfig": FLAGS,
    "LogLevel": "INFO",
    "RateLimitFactor": "1000",  # people here are few and busy
    "SenderEmail": "shop@tradewind.example",
    "LargeOrders": "EUR 20, GBP 1000",
    "CacheEntries": "dynamodb",  # where containers share them
}
_LIMITED = {("notifications", "RateLimitFactor"): "1"}
"""Where a limit is to be reached: a mailbox gets three welcomes a day."""
_TABLES = {("payments", "SandboxTable"): "gateway"}
_RELAY_DEAD_LETTERS = "RelayDeadLetters"


class Intrinsics:
    """Resolves the values of one service's template."""

    def __init__(self, context: str, template: Template) -> None:
        self._context = context
        self._template = template

    def value(self, value: Any) -> Any:
        """Resolve what intrinsic functions refer to, to the names used here."""
        match value:
            case {"Ref": name}:
                return self._referred(name)
            case {"Fn::GetAtt": [name, _]}:
                return self._referred(name)
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{(\w+)\}", lambda found: str(self._referred(found[1])), text)
            case {"Fn::If": [condition, yes, no]}:
                return self.value(yes if self.holds(condition) else no)
            case dict():
                raise NotImplementedError(f"{self._context}: {value}")
        return value

    def holds(self, condition: str) -> bool:
        """Tell whether a condition of the template is met."""
        return self._is_met(self._template["Conditions"][condition])

    def table(self, logical: str) -> str:
        """Return the name of a table."""
        if logical == "Table":
            return self._context
        return _TABLES.get((self._context, logical), f"{self._context}.{logical}")

    def _is_met(self, node: Mapping[str, Any]) -> bool:
        match node:
            case {"Fn::Equals": [one, two]}:
                return bool(self.value(one) == self.value(two))
            case {"Fn::Not": [other]}:
                return not self._is_met(other)
            case {"Fn::And": parts}:
                return all(self._is_met(each) for each in parts)
        raise NotImplementedError(f"{self._context}: {node}")

    def _referred(self, name: str) -> Any:
        if name in self._template.get("Parameters", {}):
            return self._parameter(name)
        kind = self._template["Resources"][name]["Type"]
        return self.table(name) if kind == "AWS::DynamoDB::Table" else f"{self._context}.{name}"

    def _parameter(self, name: str) -> Any:
        """Return what the root template gives for a parameter: a service's table, or the default.

        What neither says stays a name that stands out, should anything ever use it.
        """
        known = _LIMITED.get((self._context, name), _PARAMETERS.get(name))
        if known is not None:
            return known
        # A context's second stack is given what its first has.
        if name == "TableName":
            return self._context
        if name.endswith("SecretArn"):
            return f"{self._context}.{name.removesuffix('Arn')}"
        if name.endswith("TableName"):
            return name.removesuffix("TableName").lower()
        if name.endswith(_RELAY_DEAD_LETTERS):
            context = name.removesuffix(_RELAY_DEAD_LETTERS).lower()
            return f"{QUEUES}{context}.RelayEventsDeadLetterQueue"
        return self._template["Parameters"][name].get("Default", f"parameter {name}")
