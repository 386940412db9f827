"""Counts the calls that code sends to AWS: round trips are a promise, so tests assert them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient


@dataclass
class Calls:
    """What was sent, in order: ``("dynamodb", "GetItem")`` and so on."""

    made: list[tuple[str, str]] = field(default_factory=list)
    units: float = 0.0
    """Capacity units of the DynamoDB calls that asked for them and were answered."""

    def of(self, service: str) -> dict[str, int]:
        """Return how often each operation of *service* was called."""
        return dict(Counter(operation for sent, operation in self.made if sent == service))

    @property
    def dynamodb(self) -> dict[str, int]:
        """DynamoDB operations and how often each was called."""
        return self.of("dynamodb")

    @property
    def round_trips(self) -> int:
        """How many DynamoDB calls there were."""
        return sum(self.dynamodb.values())


@contextmanager
def counted_calls() -> Iterator[Calls]:
    """Count the calls of every botocore client, those already made included, in every thread.

    A call counts once however often botocore sends it again, and counts when it fails.
    """
    calls = Calls()
    send = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counting(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        calls.made.append((client.meta.service_model.service_name, operation))
        answer = send(client, operation, parameters)
        consumed = answer.get("ConsumedCapacity") or []
        for table in consumed if isinstance(consumed, list) else [consumed]:
            calls.units += table.get("CapacityUnits", 0.0)
        return answer

    with patch.object(BaseClient, "_make_api_call", counting):
        yield calls
