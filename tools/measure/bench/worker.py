"""One fresh function: init, first request, warm requests. `SPEC` as JSON, run with `-S -E`.

Standard library only. What Lambda's own runtime client has loaded before it looks at a function is
loaded first and not counted. Prints one JSON object: CPU and wall times in seconds.
"""

import base64  # noqa: F401
import decimal  # noqa: F401
import http.client  # noqa: F401
import importlib
import json
import logging  # noqa: F401
import os
import sys
import threading
import traceback
from time import perf_counter, process_time
from typing import Any

TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


class Context:
    remaining_ms = 10_000
    function_name = "bench"
    function_version = "$LATEST"
    memory_limit_in_mb = 1024
    aws_request_id = "0190a000-0000-4000-8000-000000000000"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:000000000000:function:bench"
    log_group_name = "/aws/lambda/bench"
    log_stream_name = "bench"

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


def event(template: dict[str, Any], number: int) -> dict[str, Any]:
    """The sample event as Lambda would hand it over: fresh, and with a key never used before."""
    fresh: dict[str, Any] = json.loads(json.dumps(template))
    if "idempotency-key" in fresh.get("headers", {}):
        fresh["headers"]["idempotency-key"] = f"bench-{number}"
    return fresh


class Refused(Exception):
    """The function did not do what it is measured for."""


def check(answer: Any) -> None:
    """Stop rather than measure how fast an error is; raises `Refused`."""
    failed = (
        answer.get("batchItemFailures")
        or "error" in answer  # of a task that somebody invokes
        or answer.get("statusCode", 200) >= 300  # noqa: PLR2004
        or ("isAuthorized" in answer and answer["context"]["kind"] != "user")
    )
    if failed:
        raise Refused(f"the benchmark's request was refused: {answer}")


def memory() -> int:
    """Most bytes that were resident; what `getrusage` says has the parent's in it."""
    with open("/proc/self/status") as status:  # noqa: PTH123  # pathlib would count as loaded
        line = next(each for each in status if each.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def warm(handler: Any, spec: dict[str, Any]) -> tuple[list[float], list[float]]:
    """CPU and wall time of warm requests, each answer checked."""
    cpu, wall, answers = [], [], []
    until = perf_counter() + (spec["seconds"] or float("inf"))
    for number in range(1, spec["calls"] + 1):
        request = event(spec["event"], number)
        before = (process_time(), perf_counter())
        answers.append(handler(request, Context()))
        cpu.append(process_time() - before[0])
        wall.append(perf_counter() - before[1])
        if perf_counter() > until:
            break
    for answer in answers:
        check(answer)
    return cpu, wall


def counted(handler: Any, spec: dict[str, Any]) -> list[int]:
    """Fork where the first request is over, and again to answer the warm ones.

    Whoever counts instructions counts each process from its parent's beginning, so the first has
    those of the cold start and the second the warm ones on top. No second one where there are
    threads: they would be missing in it.
    """
    pids = [forked(lambda: None)]
    if threading.active_count() == 1:
        pids.append(forked(lambda: warm(handler, spec)))
    return pids


def forked(work: Any) -> int:
    """Do *work* in a process that ends with it; return its id."""
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException:  # noqa: BLE001  # whatever it is, this process must not go on
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise Refused("a warm request failed")
    return child


def measure(spec: dict[str, Any]) -> dict[str, Any]:
    if spec["cpu"] is not None:
        os.sched_setaffinity(0, {spec["cpu"]})
    if spec["counting"]:
        Context.remaining_ms = 600_000  # everything takes fifty times as long
    sys.path[0:1] = spec["paths"]
    clocks = [(process_time(), perf_counter())]
    handler = importlib.import_module("handler").handler
    clocks.append((process_time(), perf_counter()))
    os.environ["_X_AMZN_TRACE_ID"] = TRACE
    first = handler(event(spec["event"], 0), Context())
    clocks.append((process_time(), perf_counter()))
    check(first)
    if spec["counting"]:
        return {"pids": counted(handler, spec)}
    warm_cpu, warm_wall = warm(handler, spec)
    return {
        "init_cpu": clocks[1][0] - clocks[0][0],
        "cold_cpu": clocks[2][0] - clocks[0][0],
        "cold_wall": clocks[2][1] - clocks[0][1],
        "warm_cpu": warm_cpu,
        "warm_wall": warm_wall,
        "memory": memory(),
    }


if __name__ == "__main__":
    if len(sys.argv) == 1:
        os._exit(0)  # only what the runtime loads was to be counted
    result_to = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # log lines are written, as on Lambda, to nobody
    with os.fdopen(result_to, "w") as out:
        out.write(json.dumps(measure(json.loads(sys.argv[1]))))
