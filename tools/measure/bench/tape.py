"""Takes down what moto answers to every call that goes out while recording."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.handlers import BUILTIN_HANDLERS
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

from tools.measure.bench.appconfig import answered
from tools.measure.bench.stub import Exchange, operation_of

_NOT_KEPT = ("content-length", "date", "server", "x-amz-crc32")
_TRANSACTION_UNITS = 2.0  # of an item of up to 1 KB


class Tape:
    """A hook of botocore in the place of moto's own, which it asks."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] | None = None

    def install(self) -> None:
        """Listen to every client made from now on."""
        place = [handler for _, handler, *_ in BUILTIN_HANDLERS].index(botocore_stubber)
        BUILTIN_HANDLERS[place] = ("before-send", self)

    @contextmanager
    def recording(self) -> Iterator[list[Exchange]]:
        """Collect what is said meanwhile."""
        self._exchanges = []
        try:
            yield self._exchanges
        finally:
            self._exchanges = None

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        """Answer as moto does."""
        if not botocore_stubber.enabled:
            return None
        sent = request.body or b""
        body = sent.decode() if isinstance(sent, bytes) else str(sent)
        known = answered(request.method, request.url)
        answer: Any = known or botocore_stubber.process_request(request)
        status, headers, data = answer
        text: str = data.decode() if isinstance(data, bytes) else data
        if self._exchanges is not None:
            path = "/" + request.url.split("/", 3)[-1]
            target: Any = request.headers.get("X-Amz-Target", "")
            target = target.decode() if isinstance(target, bytes) else target
            operation = operation_of(request.method, path, target, body)
            kept = {n: str(v) for n, v in headers.items() if n.lower() not in _NOT_KEPT}
            full = _with_capacity(operation, body, text)
            self._exchanges.append(Exchange(operation, body, status, kept, full))
        return AWSResponse(request.url, status, headers, MockRawResponse(text))


def _with_capacity(operation: str, request: str, answer: str) -> str:
    """Say what a transaction consumed: moto leaves that out."""
    if operation != "TransactWriteItems" or "ReturnConsumedCapacity" not in request:
        return answer
    items = json.loads(request)["TransactItems"]
    tables = [next(iter(item.values()))["TableName"] for item in items]
    consumed = [
        {"TableName": table, "CapacityUnits": _TRANSACTION_UNITS * tables.count(table)}
        for table in dict.fromkeys(tables)
    ]
    return json.dumps(json.loads(answer) | {"ConsumedCapacity": consumed})
