"""The consumers as the bus's own rules and targets tell them; nothing is listed twice."""

import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from shared.operations.domain.errors import ConsumerUnknown
from shared.operations.domain.subscription import Subscription
from shared.platform.events.patterns import check, matches

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

_PREFIX = "tradewind."


class BusSubscriptions:
    """Reads rules and targets: a target is named after its consumer."""

    def __init__(self, events: "EventBridgeClient", bus: str) -> None:
        self._events = events
        self._bus = bus

    def find(self, consumer: str) -> Subscription:
        known = {}
        for rule, target in self._targets():
            if target["Id"] == consumer:
                return self._subscription(rule, target)
            known[target["Id"]] = target
        raise ConsumerUnknown(consumer, known)

    def all(self) -> list[Subscription]:
        found = (self._subscription(rule, target) for rule, target in self._targets())
        return sorted(found, key=lambda each: each.consumer)

    def _targets(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Yield the targets with a queue of dead letters: they are the consumers."""
        start: dict[str, Any] = {}
        while True:
            answer: Any = self._events.list_rules(EventBusName=self._bus, **start)
            for rule in answer["Rules"]:
                targets: Any = self._events.list_targets_by_rule(
                    Rule=rule["Name"], EventBusName=self._bus
                )
                for target in targets["Targets"]:
                    if "DeadLetterConfig" in target:
                        yield rule, target
            if not answer.get("NextToken"):
                return
            start = {"NextToken": answer["NextToken"]}

    def _subscription(self, rule: dict[str, Any], target: dict[str, Any]) -> Subscription:
        pattern = json.loads(rule["EventPattern"])
        check(pattern)
        return Subscription(
            consumer=target["Id"],
            sources=tuple(each.removeprefix(_PREFIX) for each in pattern["source"]),
            wants=partial(matches, pattern),
            queue=target["Arn"],
            dead_letters=target["DeadLetterConfig"]["Arn"],
        )
