"""What a repository does, as a trace segment and a log line: operation, entity, time, capacity.

At DEBUG when it went well or was refused for a reason (a stale version, a value that is taken);
at ERROR when the database failed.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.platform.aws.clients import capacity_spent
from shared.platform.runtime.errors import DeadlineExceeded, SystemFault
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from shared.platform.telemetry.tracing import tracer

_DEBUG = 10


@contextmanager
def repository_call(operation: str, entity: str) -> Iterator[None]:
    """Trace and log the block as *operation* on *entity*."""
    started, spent = time.perf_counter(), capacity_spent()
    try:
        with tracer.provider.in_subsegment(f"## {entity}.{operation}"):
            yield
    except (SystemFault, DeadlineExceeded) as error:
        fields = _fields(operation, entity, started, spent, outcome="failed")
        get_logger(settings().service).error(
            "repository call failed", error=type(error).__name__, **fields
        )
        raise
    except Exception as refused:
        _debug(operation, entity, started, spent, outcome=type(refused).__name__)
        raise
    _debug(operation, entity, started, spent, outcome="done")


def _debug(operation: str, entity: str, started: float, spent: float, *, outcome: str) -> None:
    logger = get_logger(settings().service)
    if logger.log_level <= _DEBUG:
        fields = _fields(operation, entity, started, spent, outcome=outcome)
        logger.debug("repository call", **fields)


def _fields(
    operation: str, entity: str, started: float, spent: float, *, outcome: str
) -> dict[str, Any]:
    return {
        "operation": operation,
        "entity": entity,
        "duration_ms": round((time.perf_counter() - started) * 1000, 3),
        "capacity_units": round(capacity_spent() - spent, 3),
        "outcome": outcome,
    }
