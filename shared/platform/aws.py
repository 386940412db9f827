"""AWS clients: one botocore session per warm function, one client per service, each measured."""

import time
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

from shared.platform.metrics import meter

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONFIG = Config(
    connect_timeout=1,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    parameter_validation=False,
    user_agent="tradewind",
)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:
    """Return the client of *service*; its calls are counted and timed as metrics."""
    made = _session().create_client(service, config=_CONFIG)
    measure(made)
    return made


def impatient_client(service: str, *, seconds: float) -> Any:
    """Return a new client of *service* that tries once and waits *seconds* for an answer.

    Its calls are not measured, so several threads may share it.
    """
    config = _CONFIG.merge(
        Config(
            connect_timeout=seconds,
            read_timeout=seconds,
            retries={"mode": "standard", "total_max_attempts": 1},
        )
    )
    return _session().create_client(service, config=config)


def dynamodb() -> "DynamoDBClient":
    """Return the DynamoDB client."""
    found: DynamoDBClient = client("dynamodb")
    return found


_spent = [0.0]


def capacity_spent() -> float:
    """Return the DynamoDB capacity units that this process has used so far."""
    return _spent[0]


def measure(made: Any) -> None:
    """Count and time every call that *made*, a botocore client, sends."""
    started: list[float] = []

    def before(**_: Any) -> None:
        started[:] = [time.perf_counter()]

    def after(model: Any, parsed: dict[str, Any], http_response: Any, **_: Any) -> None:
        labels = {"dependency": model.service_model.service_name, "operation": model.name}
        if started:
            meter().observe("DependencyCall", (time.perf_counter() - started[0]) * 1000, **labels)
        if http_response is not None and http_response.status_code >= 300:  # noqa: PLR2004
            meter().count("DependencyError", **labels)
        consumed = parsed.get("ConsumedCapacity")
        if consumed:
            tables = consumed if isinstance(consumed, list) else [consumed]
            units = sum(table.get("CapacityUnits", 0.0) for table in tables)
            meter().summarize("ConsumedCapacity", units, **labels)
            _spent[0] += units

    def lost(event_name: str, **_: Any) -> None:
        dependency: str = made.meta.service_model.service_name
        operation = event_name.rpartition(".")[2]
        meter().count("DependencyError", dependency=dependency, operation=operation)

    made.meta.events.register("before-call", before)
    made.meta.events.register("after-call-error", lost)
    made.meta.events.register("after-call", after)
