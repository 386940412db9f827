"""The lean providers and Powertools' own behind the same code: what comes out is the same."""

import json
import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from shared.platform.runtime.errors import ConfigurationError
from shared.platform.telemetry import stock
from shared.platform.telemetry.metrics import metrics

pytestmark = pytest.mark.row("MET-01", "MET-05")

Metric = tuple[str, str, tuple[tuple[str, str], ...]]
CHANGING = {"timestamp", "request_id", "correlation_id", "duration_ms", "init_ms"}


def recorded(providers: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the lines that the story writes with *providers*, and the documents it sends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        daemon.bind(("127.0.0.1", 0))
        daemon.setblocking(False)
        port = str(daemon.getsockname()[1])
        command = [sys.executable, "-m", "tests.functions.telemetry_story", providers, port]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        return [json.loads(line) for line in ran.stdout.splitlines()], list(received(daemon))


def received(daemon: socket.socket) -> Iterator[dict[str, Any]]:
    while True:
        try:
            yield json.loads(daemon.recv(65_536).partition(b"\n")[2])
        except BlockingIOError:
            return


@pytest.fixture(scope="module")
def both() -> dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    return {providers: recorded(providers) for providers in ("lean", "stock")}


def published(lines: list[dict[str, Any]]) -> dict[Metric, Any]:
    """Return what CloudWatch makes of *lines*: values by name, unit, resolution and dimensions.

    A duration is another one in every run: only how many there are is compared.
    """
    found: dict[Metric, list[float]] = defaultdict(list)
    for line in lines:
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
            assert directive["Namespace"] == "Tradewind"
            for names in directive["Dimensions"]:
                dimensions = tuple(sorted((name, line[name]) for name in names))
                for stated in directive["Metrics"]:
                    unit = f"{stated['Unit']}/{stated.get('StorageResolution', 60)}"
                    found[stated["Name"], unit, dimensions] += line[stated["Name"]]
    return {
        key: len(values)
        if key[1].startswith("Milliseconds")
        else sum(values)
        if key[1].startswith("Count")
        else values
        for key, values in found.items()
    }


def test_the_metrics_are_the_same(both):
    lean, theirs = published(both["lean"][0]), published(both["stock"][0])
    assert lean == theirs
    names = {name for name, _, _ in lean}
    assert names >= {"Request", "RequestDuration", "RequestsInProgress", "ColdStart"}
    assert names >= {"EventHandled", "EventDuplicate", "DependencyCall", "ConsumedCapacitySum"}
    own = (("environment", "test"), ("service", "inventory"))
    assert lean["Depth", "None/60", (own[0], ("queue", "a"), own[1])] == [7]
    assert lean["SizeSum", "None/60", (own[0], ("queue", "b"), own[1])] == [11]
    assert lean["Found", "None/60", (own[0], ("queue", "caf?"), own[1])] == [4, 7]
    assert lean["Fine", "Bytes/1", own] == [1]


def test_the_log_lines_are_the_same_beside_and_inside_of_the_metrics(both):
    def said(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {
                name: None if name in CHANGING else value
                for name, value in line.items()
                if name[0].islower() and name not in ("queue", "dependency", "operation")
            }
            for line in lines
            if "message" in line
        ]

    def text(lines: list[dict[str, Any]]) -> list[str]:
        return [json.dumps(line, sort_keys=True) for line in said(lines)]

    lean, theirs = both["lean"][0], both["stock"][0]
    assert [line["message"] for line in said(lean)].count("request handled") == 2
    assert text(lean) == text(theirs)
    assert len(lean) < len(theirs)  # one line for all that agrees, not one for each set


def tree(documents: list[dict[str, Any]]) -> list[Any]:
    """Return names, kinds and annotations, each with what is inside, in the order of beginning."""
    flat = []
    waiting = list(documents)
    while waiting:
        document = waiting.pop()
        flat.append(document)
        around = {"parent_id": document["id"]}
        waiting += [inner | around for inner in document.get("subsegments", [])]
    ids = {document["id"] for document in flat}

    def inside(parent: str | None) -> list[Any]:
        found = [
            each
            for each in flat
            if (each["parent_id"] == parent if parent else each["parent_id"] not in ids)
        ]
        return [
            (
                each["name"],
                each["namespace"],
                each.get("annotations", {}),
                each.get("metadata", {}),
                each.get("aws", {}).get("operation"),
                inside(each["id"]),
            )
            for each in sorted(found, key=lambda each: each["start_time"])
        ]

    return inside(None)


def test_the_subsegments_are_the_same(both):
    lean, theirs = tree(both["lean"][1]), tree(both["stock"][1])
    assert lean == theirs
    (name, _, annotations, *_, (captured,)) = lean[-1]
    assert (name, annotations) == ("## work", {"step": "3", "release": "dev"})
    assert captured[0].endswith("work.locals.captured")
    assert captured[2] == {"kind": "captured"}
    assert "dynamodb" in json.dumps(lean)


def test_without_the_sdk_the_setting_says_what_is_missing(monkeypatch):
    before = metrics.provider
    monkeypatch.setattr(stock, "find_spec", lambda _: None)
    with pytest.raises(
        ConfigurationError, match=r"TELEMETRY_PROVIDERS must be `lean`.*aws-xray-sdk"
    ):
        stock.use_stock()
    assert metrics.provider is before
