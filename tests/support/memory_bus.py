"""The event bus in memory: the templates' own rules, and the functions' own handlers.

What EventBridge and SQS do between a commit and a consumer, without either: an event is matched
against every rule of the templates, and the handler of each consumer behind a rule that lets it
through gets it as the batch of its queue. Nothing here knows an event or a consumer by name.
"""

import importlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from shared.platform.events.patterns import Pattern, matches
from shared.platform.runtime.settings import settings
from tools.check.project import template_paths
from tools.lab.support.bus_events import bus_event, failed_ids, sqs_batch
from tools.lab.support.lambda_context import LambdaContext
from tools.local.templates import load_template

RULE = "AWS::Events::Rule"


@dataclass(frozen=True)
class Rule:
    """One rule of a template: what it lets through, and to which consumer."""

    consumer: str
    pattern: Pattern

    def lets_through(self, event: Mapping[str, Any]) -> bool:
        """Tell whether a bus event gets to the consumer."""
        return matches(self.pattern, event)


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules of all templates; a target is named after its consumer."""
    return tuple(
        Rule(target["Id"], resource["Properties"]["EventPattern"])
        for path in template_paths()
        for resource in load_template(path)["Resources"].values()
        if resource["Type"] == RULE
        for target in resource["Properties"]["Targets"]
    )


def subscribers(event: Mapping[str, Any]) -> Iterator[str]:
    """Yield the consumers that a bus event goes to."""
    return (rule.consumer for rule in rules() if rule.lets_through(event))


@dataclass
class Message:
    """One event on its way to one consumer."""

    consumer: str
    event: dict[str, Any]
    deliveries: int = 0


@dataclass
class MemoryBus:
    """Takes events and delivers them, first in first out, as often as a queue would.

    ``before_each`` runs before every delivery: where a test gives the function its services.
    """

    before_each: Callable[[], None] = lambda: None
    waiting: deque[Message] = field(default_factory=deque)
    dead: list[Message] = field(default_factory=list)
    handled: list[tuple[str, str]] = field(default_factory=list)
    """(consumer, event type) of every message that was acknowledged."""

    def publish(self, detail: Mapping[str, Any], *, source: str) -> int:
        """Queue an event for every consumer that a rule lets it through to; return how many."""
        event = bus_event(detail, source=source)
        found = [Message(consumer, event) for consumer in subscribers(event)]
        self.waiting.extend(found)
        return len(found)

    def deliver(self) -> None:
        """Deliver the next message; one that fails goes to the end, and at last to the dead."""
        message = self.waiting.popleft()
        message.deliveries += 1
        handler = importlib.import_module(f"functions.{message.consumer}.handler").handler
        self.before_each()
        batch = sqs_batch(message.event, receive_count=message.deliveries)
        if not failed_ids(handler(batch, LambdaContext())):
            self.handled.append((message.consumer, message.event["detail-type"]))
        elif message.deliveries < settings().max_failures:
            self.waiting.append(message)
        else:
            self.dead.append(message)

    def run(self) -> None:
        """Deliver until nothing is left."""
        while self.waiting:
            self.deliver()
