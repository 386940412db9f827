"""Takes down what is answered to every call that goes out while recording.

DynamoDB is the simulator's engine, which says what each call consumed; all else is moto's.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.handlers import BUILTIN_HANDLERS
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

from tools.lab.support.memory_dynamodb import TYPE, MemoryDynamoDB
from tools.measure.bench.appconfig import answered
from tools.measure.bench.stub import Exchange, operation_of

_NOT_KEPT = ("content-length", "date", "server", "x-amz-crc32")
_DYNAMODB = "DynamoDB_"


class Tape:
    """A hook of botocore in the place of moto's own, which it asks."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] | None = None
        self._tables = MemoryDynamoDB()

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
        """Answer, and take it down."""
        if not botocore_stubber.enabled:
            return None
        sent = request.body or b""
        body = sent.decode() if isinstance(sent, bytes) else str(sent)
        target: Any = request.headers.get("X-Amz-Target", "")
        target = target.decode() if isinstance(target, bytes) else target
        status, headers, data = self._answer(request, target, body)
        text: str = data.decode() if isinstance(data, bytes) else data
        if self._exchanges is not None:
            path = "/" + request.url.split("/", 3)[-1]
            operation = operation_of(request.method, path, target, body)
            kept = {n: str(v) for n, v in headers.items() if n.lower() not in _NOT_KEPT}
            self._exchanges.append(Exchange(operation, body, status, kept, text))
        return AWSResponse(request.url, status, headers, MockRawResponse(text))

    def _answer(self, request: AWSPreparedRequest, target: str, body: str) -> Any:
        if target.startswith(_DYNAMODB):
            status, said = self._tables.answer(target.rpartition(".")[2], json.loads(body))
            return status, dict([TYPE]), json.dumps(said)
        return answered(request.method, request.url) or botocore_stubber.process_request(request)
