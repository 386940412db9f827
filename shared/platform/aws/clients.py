"""AWS clients: one botocore session per warm function, one client per service, each measured."""

import time
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

from shared.platform.telemetry.metrics import meter
from shared.platform.telemetry.tracing import recorder
from shared.platform.telemetry.xray import Document, answered, failed

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
def client(service: str) -> Any:
    """Return the client of *service*; its calls are counted and timed as metrics."""
    made = _session().create_client(service, config=_CONFIG)
    measure(made)
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
    trace_aside(made)
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


def measure(made: Any) -> None:
    """Count, time and trace every call that *made*, a botocore client, sends."""
    events = made.meta.events
    events.register("before-parameter-build", _note_table)
    events.register("before-call", partial(_before, made.meta.region_name))
    events.register("after-call-error", partial(_lost, made.meta.service_model.service_name))
    events.register("after-call", _after)


def trace_aside(made: Any) -> None:
    """Trace every call that *made*, a botocore client, sends from any thread."""
    recorder()  # it is there before threads ask for it, so that they have one
    events = made.meta.events
    events.register("before-parameter-build", _note_table)
    events.register("before-call", partial(_before_aside, made.meta.region_name))
    events.register("after-call-error", _lost_aside)
    events.register("after-call", _after_aside)


def _before_aside(
    region: str, model: Any, params: dict[str, Any], context: dict[str, Any], **_: Any
) -> None:
    recording = recorder()
    if recording is None:
        return
    subsegment = recording.begin_aside(model.service_model.endpoint_prefix, "aws")
    if subsegment is not None:
        _describe(subsegment, region, model, context)
        root, parent = subsegment["trace_id"], subsegment["id"]
        params["headers"]["X-Amzn-Trace-Id"] = f"Root={root};Parent={parent};Sampled=1"


def _after_aside(
    parsed: dict[str, Any], http_response: Any, context: dict[str, Any], **_: Any
) -> None:
    if (subsegment := context.get(_SUBSEGMENT)) and (recording := recorder()):
        answered(subsegment, 200 if http_response is None else http_response.status_code, parsed)
        recording.end_aside(subsegment)


def _lost_aside(exception: Exception, context: dict[str, Any], **_: Any) -> None:
    if (subsegment := context.get(_SUBSEGMENT)) and (recording := recorder()):
        failed(subsegment, exception)
        recording.end_aside(subsegment)


def _describe(subsegment: Document, region: str, model: Any, context: dict[str, Any]) -> None:
    context[_SUBSEGMENT] = subsegment
    subsegment["aws"] = {"operation": model.name, "region": region}
    if table := context.get(_TABLE):
        subsegment["aws"]["table_name"] = table


def _note_table(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    context[_TABLE] = params.get("TableName")


def _before(
    region: str, model: Any, params: dict[str, Any], context: dict[str, Any], **_: Any
) -> None:
    context[_STARTED] = time.perf_counter()
    recording = recorder()
    if recording is None:
        return
    subsegment = recording.begin(model.service_model.endpoint_prefix, "aws")
    if subsegment is not None:
        _describe(subsegment, region, model, context)
        params["headers"]["X-Amzn-Trace-Id"] = recording.header(subsegment)


def _after(
    model: Any, parsed: dict[str, Any], http_response: Any, context: dict[str, Any], **_: Any
) -> None:
    labels = {"dependency": model.service_model.service_name, "operation": model.name}
    if _STARTED in context:
        elapsed = (time.perf_counter() - context[_STARTED]) * 1000
        meter().observe("DependencyCall", elapsed, **labels)
    status = 200 if http_response is None else http_response.status_code
    if status >= 300:  # noqa: PLR2004
        meter().count("DependencyError", **labels)
    consumed = parsed.get("ConsumedCapacity")
    if consumed:
        tables = consumed if isinstance(consumed, list) else [consumed]
        units = sum(table.get("CapacityUnits", 0.0) for table in tables)
        meter().summarize("ConsumedCapacity", units, **labels)
        _spent[0] += units
    if subsegment := context.get(_SUBSEGMENT):
        answered(subsegment, status, parsed)
        _end(subsegment)


def _lost(
    service: str, event_name: str, exception: Exception, context: dict[str, Any], **_: Any
) -> None:
    operation = event_name.rpartition(".")[2]
    meter().count("DependencyError", dependency=service, operation=operation)
    if subsegment := context.get(_SUBSEGMENT):
        failed(subsegment, exception)
        _end(subsegment)


def _end(subsegment: Document) -> None:
    if recording := recorder():
        recording.end(subsegment)
