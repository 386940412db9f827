"""Carries a command out: retries what went stale, and answers a repeated request once more."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from shared.kernel.clock import SystemClock
from shared.kernel.commands import CommandHandler, CommandResult
from shared.kernel.errors import ConcurrencyConflict, DomainError
from shared.platform.aws.clients import dynamodb
from shared.platform.dynamodb.markers import (
    IdempotencyKeyReused,
    RequestAlreadyAnswered,
    RequestInFlight,
    idempotency_key,
    is_live,
)
from shared.platform.dynamodb.reading import get_item
from shared.platform.runtime.context import Idempotency, current
from shared.platform.runtime.deadline import remaining_seconds
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.metrics import MetricUnit, metrics
from shared.platform.telemetry.tracing import tracer

C = TypeVar("C")
R = TypeVar("R")
Result = TypeVar("Result", bound=CommandResult)

MAX_ATTEMPTS = 8
_BASE_DELAY = 0.01
_MAX_DELAY = 0.3


def execute(
    handler: CommandHandler[C, Result],
    command: C,
    *,
    returns: type[Result],
    again: Callable[[Result], None] | None = None,
) -> Result:
    """Return what *handler* makes of *command*, at most once per idempotency key.

    A repetition of an answered request gets the stored result, unless *again* refuses it: what it
    carries may be good no longer. The same key with another request raises
    `IdempotencyKeyReused`. A refusal is looked up too, unless it is ``final``: a repeated "cancel"
    finds the order cancelled already, and must be answered that its own request succeeded.
    """
    with tracer.provider.in_subsegment(f"## {type(handler).__name__}"):
        try:
            return retrying(lambda: handler(command))
        except RequestInFlight:
            raise
        except RequestAlreadyAnswered as answered:
            stored = _stored(returns)
            if stored is None:  # expired or removed between the refusal and our read
                raise RequestInFlight("Please send the request again.") from answered
        except DomainError as refused:
            stored = None if refused.final else _stored(returns)
            if stored is None:
                raise
        if again is not None:
            again(stored)
        return stored


def retrying(
    attempt: Callable[[], R],
    *,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> R:
    """Call *attempt* until it meets no concurrent update, at most `MAX_ATTEMPTS` times.

    Waits with full jitter in between and never past the deadline; then the conflict is raised.
    """
    for number in range(1, MAX_ATTEMPTS + 1):
        try:
            return attempt()
        except ConcurrencyConflict:
            delay = jitter() * min(_MAX_DELAY, _BASE_DELAY * 2**number)
            if number == MAX_ATTEMPTS or delay >= remaining_seconds():
                raise
            metrics.add_metric("StaleRetry", MetricUnit.Count, 1)
            sleep(delay)
    raise AssertionError("unreachable")


def _stored(returns: type[Result]) -> Result | None:
    context = current()
    request: Idempotency | None = context.idempotency
    if request is None:
        return None
    record = get_item(dynamodb(), settings().table_name, idempotency_key(request))
    if record is None or not is_live(record, now=int(SystemClock().now().timestamp())):
        return None
    if record["fingerprint"] != request.fingerprint:
        raise IdempotencyKeyReused
    context.replayed = True
    return returns.from_data(record["result"])
