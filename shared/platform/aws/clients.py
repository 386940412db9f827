"""AWS clients: one botocore session per warm function, one client per service, each measured."""

import time
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

from shared.platform.runtime.snapshot import before_snapshot
from shared.platform.telemetry.metrics import MetricUnit, metrics
from shared.platform.telemetry.tracing import tracer
from shared.platform.telemetry.xray import XRayProvider, answered, failed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONFIG = Config(
    connect_timeout=1,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    parameter_validation=False,
    user_agent="tradewind",
)

# Where a call keeps what its end needs to know, in botocore's own context of that call.
_TABLE, _STARTED, _SUBSEGMENT = "tradewind.table", "tradewind.started", "tradewind.subsegment"


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def client(service: str, *, attempts: int = 3) -> Any:
    """Return the client of *service*; its calls are counted and timed as metrics.

    With one of *attempts* it sends each request once, for a service that would carry a repetition
    out a second time.
    """
    retries = Config(retries={"mode": "standard", "total_max_attempts": attempts})
    made = _session().create_client(service, config=_CONFIG.merge(retries))
    trace(made, measured=True)
    before_snapshot(made.close)  # its connections; it opens others when it is used again
    return made


def impatient_client(service: str, *, seconds: float) -> Any:
    """Return a new client of *service* that tries once and waits *seconds* for an answer.

    Its calls are traced and no metrics, so that several threads may share it.
    """
    config = _CONFIG.merge(
        Config(
            connect_timeout=seconds,
            read_timeout=seconds,
            retries={"mode": "standard", "total_max_attempts": 1},
        )
    )
    made = _session().create_client(service, config=config)
    trace(made)
    before_snapshot(made.close)
    return made


def busy_client(service: str, *, connections: int) -> Any:
    """Return a new client of *service* for a job that makes thousands of calls a minute.

    As many threads as *connections* may share it. When it is turned away it slows down and tries
    again. Its calls are no metrics: the job counts what it does.
    """
    retries = Config(retries={"mode": "adaptive"}, max_pool_connections=connections)
    return _session().create_client(service, config=_CONFIG.merge(retries))


def dynamodb() -> "DynamoDBClient":
    """Return the DynamoDB client."""
    found: DynamoDBClient = client("dynamodb")
    return found


_spent = [0.0]


def capacity_spent() -> float:
    """Return the DynamoDB capacity units that this process has used so far."""
    return _spent[0]


def trace(made: Any, *, measured: bool = False) -> None:
    """Trace every call that *made*, a botocore client, sends; from any thread if not *measured*.

    X-Ray's own SDK, where that is the provider, has patched botocore instead.
    """
    events = made.meta.events
    provider: Any = tracer.provider
    lean = provider if isinstance(provider, XRayProvider) else None
    if lean is not None:
        events.register("before-parameter-build", _note_table)
        _ = lean.recorder  # it is there before threads ask for it, so that they have one
    events.register("before-call", partial(_begin, lean, made.meta.region_name))
    # One handler for both: botocore takes as long to call one as what these do.
    lost = partial(_count_lost, made.meta.service_model.service_name) if measured else _end_lost
    events.register("after-call-error", lost)
    events.register("after-call", _count if measured else _end)


def _count(
    model: Any, parsed: dict[str, Any], http_response: Any, context: dict[str, Any], **_: Any
) -> None:
    labels = {"dependency": model.service_model.service_name, "operation": model.name}
    if _STARTED in context:
        elapsed = (time.perf_counter() - context[_STARTED]) * 1000
        metrics.add_metric("DependencyCall", MetricUnit.Milliseconds, elapsed, **labels)
    if _status(http_response) >= 300:  # noqa: PLR2004
        metrics.add_metric("DependencyError", MetricUnit.Count, 1, **labels)
    consumed = parsed.get("ConsumedCapacity")
    if consumed:
        tables = consumed if isinstance(consumed, list) else [consumed]
        units = sum(table.get("CapacityUnits", 0.0) for table in tables)
        metrics.summarize("ConsumedCapacity", units, **labels)
        _spent[0] += units
    _end(parsed, http_response, context)


def _count_lost(
    service: str, event_name: str, exception: Exception, context: dict[str, Any], **_: Any
) -> None:
    operation = event_name.rpartition(".")[2]
    labels = {"dependency": service, "operation": operation}
    metrics.add_metric("DependencyError", MetricUnit.Count, 1, **labels)
    _end_lost(exception, context)


def _note_table(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    context[_TABLE] = params.get("TableName")


def _begin(
    provider: XRayProvider | None,
    region: str,
    model: Any,
    params: dict[str, Any],
    context: dict[str, Any],
    **_: Any,
) -> None:
    context[_STARTED] = time.perf_counter()
    if provider is None or (recorder := provider.recorder) is None:
        return
    subsegment = recorder.begin(model.service_model.endpoint_prefix, "aws")
    if subsegment is not None:
        context[_SUBSEGMENT] = (recorder, subsegment)
        subsegment["aws"] = {"operation": model.name, "region": region}
        if table := context.get(_TABLE):
            subsegment["aws"]["table_name"] = table
        params["headers"]["X-Amzn-Trace-Id"] = recorder.header(subsegment)


def _end(parsed: dict[str, Any], http_response: Any, context: dict[str, Any], **_: Any) -> None:
    if traced := context.get(_SUBSEGMENT):
        recorder, subsegment = traced
        answered(subsegment, _status(http_response), parsed)
        recorder.end(subsegment)


def _end_lost(exception: Exception, context: dict[str, Any], **_: Any) -> None:
    if traced := context.get(_SUBSEGMENT):
        recorder, subsegment = traced
        failed(subsegment, exception)
        recorder.end(subsegment)


def _status(http_response: Any) -> int:
    return 200 if http_response is None else int(http_response.status_code)
