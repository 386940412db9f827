"""One story of the inventory, in a process of its own with one kind of telemetry providers.

    python -m tests.functions.telemetry_story lean|stock <the X-Ray daemon's port>

Its log lines and metrics go to standard output, its subsegments to the daemon.
"""

import importlib
import os
import sys
from typing import Any

from tools.lab.support import environment
from tools.lab.support.functions import sample_event
from tools.lab.support.lambda_context import LambdaContext

TRACE = "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1"


def tell() -> None:
    """Let HTTP functions refuse and read, and a consumer get an event twice."""
    handlers = {
        use_case: importlib.import_module(f"functions.inventory.{use_case}.handler").handler
        for use_case in ("adjust_stock", "get_stock", "reserve_stock")
    }
    os.environ["_X_AMZN_TRACE_ID"] = TRACE  # there is none while Lambda starts a function
    unknown = sample_event("inventory", "get_stock")
    for name in ("adjust_stock", "reserve_stock", "reserve_stock"):
        handlers[name](sample_event("inventory", name), LambdaContext())
    handlers["get_stock"](unknown, LambdaContext())
    work()


def work() -> None:
    """Use what no function of the story uses."""
    from shared.platform.entry.lifecycle import invocation  # noqa: PLC0415  # see `main`
    from shared.platform.telemetry.metrics import MetricUnit, metrics  # noqa: PLC0415  # as above
    from shared.platform.telemetry.tracing import tracer  # noqa: PLC0415  # as above

    @tracer.capture_method(capture_response=False)
    def captured() -> None:
        tracer.put_annotation("kind", "captured")
        tracer.put_metadata("detail", {"a": [1]})

    with invocation(LambdaContext()), tracer.provider.in_subsegment("## work") as subsegment:
        subsegment.put_annotation(key="step", value="3")
        captured()
        for value in (4, 7):
            metrics.gauge("Depth", value, queue="a")
            metrics.summarize("Size", value, queue="b")
            metrics.add_metric("Found", MetricUnit.NoUnit, value, queue="caf\u00e9")
        with metrics.timed("Work"), metrics.in_progress("Busy"):
            metrics.add_metric("Done", MetricUnit.Count, 2)
        metrics.add_metric("Fine", MetricUnit.Bytes, 1, 1)
        metrics.add_metadata("message", "worked")


def main(providers: str, port: str) -> None:
    environment.fix()
    settings: dict[str, Any] = {
        "AWS_LAMBDA_FUNCTION_NAME": "story",
        "CATALOG_TABLE_NAME": "inventory",  # it knows no product: an adjustment is refused
        "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{port}",
        "LAMBDA_TASK_ROOT": "/var/task",
        "LOG_LEVEL": "INFO",
        "SERVICE": "inventory",
        "TABLE_NAME": "inventory",
        "TELEMETRY_PROVIDERS": providers,
    }
    os.environ.update(settings)
    import boto3  # noqa: PLC0415  # reads the environment
    from moto import mock_aws  # noqa: PLC0415  # as above

    from tools.lab.support.tables import create_table  # noqa: PLC0415  # as above

    with mock_aws():
        create_table(boto3.client("dynamodb"), "inventory")
        tell()


if __name__ == "__main__":
    main(*sys.argv[1:])
