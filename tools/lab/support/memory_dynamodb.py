"""DynamoDB for tests in this process: the simulator's engine, behind every client of botocore.

What a client sends is answered from the engine, byte for byte as DynamoDB's JSON, so botocore
checks, writes and reads it all. `tools.lab.engines` holds the engine to DynamoDB Local. A call
takes a twentieth of what it takes moto, which copies items for each transaction.
"""

import io
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any
from uuid import uuid4

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.handlers import BUILTIN_HANDLERS
from moto import mock_aws
from moto.core.config import DefaultConfig

from tools.lab.simulation.engine.engine import Engine
from tools.lab.simulation.engine.errors import Refused
from tools.lab.simulation.engine.spec import TableSpec

ENGINE = "memory"
"""Its name among the engines of the tests."""
TYPE = ("Content-Type", "application/x-amz-json-1.0")
_answering: list["MemoryDynamoDB"] = []


class MemoryDynamoDB:
    """The tables of a test; a call to a table that nobody has created is refused."""

    def __init__(self) -> None:
        self.engine = Engine(now=time.time)
        self._declared: dict[str, dict[str, Any]] = {}
        self._control: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "CreateTable": self._create,
            "UpdateTimeToLive": self._expire,
            "DeleteTable": self._delete,
            "ListTables": lambda _: {"TableNames": sorted(self._declared)},
        }

    def answer(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return the status and the body of an answer."""
        control = self._control.get(operation)
        try:
            return 200, control(request) if control else self.engine.call(operation, request)
        except Refused as refusal:
            body: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{refusal.code}"}
            body["message"] = refusal.message
            if refusal.reasons is not None:
                body["CancellationReasons"] = refusal.reasons
            if refusal.item is not None:
                body["Item"] = refusal.item
            return 400, body

    def _create(self, request: dict[str, Any]) -> dict[str, Any]:
        name = request["TableName"]
        if name in self._declared:
            raise Refused("ResourceInUseException", f"Table already exists: {name}")
        self._declare(request)
        described = self.engine.call("DescribeTable", {"TableName": name})
        return {"TableDescription": described["Table"]}

    def _expire(self, request: dict[str, Any]) -> dict[str, Any]:
        """Declare the table anew, which is possible as long as nothing is in it."""
        name, wanted = request["TableName"], request["TimeToLiveSpecification"]
        if self.engine.items(name) or not wanted["Enabled"]:
            raise NotImplementedError("time to live of a table with items")
        self._declare({**self._declared[name], "TimeToLiveSpecification": wanted})
        return {"TimeToLiveSpecification": wanted}

    def _delete(self, request: dict[str, Any]) -> dict[str, Any]:
        described = self.engine.call("DescribeTable", {"TableName": request["TableName"]})
        del self._declared[request["TableName"]]
        self.engine.drop_table(request["TableName"])
        return {"TableDescription": described["Table"]}

    def _declare(self, properties: dict[str, Any]) -> None:
        name = properties["TableName"]
        self._declared[name] = properties
        self.engine.create_table(TableSpec.from_template({"Properties": properties}, name=name))


@contextmanager
def aws(engine: str = ENGINE) -> Iterator[None]:
    """Answer every call to AWS: moto does, but to DynamoDB where the *engine* is this one.

    The session that boto3 makes clients with stays the same from test to test; what it knows, such
    as where the endpoints are, it looks up for each client.
    """
    ours = engine == ENGINE
    passed = {"services": ["dynamodb"] if ours else []}
    core = {"reset_boto3_session": False, "passthrough": passed}
    config: DefaultConfig = {"core": core}  # type: ignore[typeddict-item]  # the rest is as ever
    with mock_aws(config=config), answering() if ours else nullcontext():
        yield


@contextmanager
def answering() -> Iterator[MemoryDynamoDB]:
    """Answer every call to DynamoDB, of the clients that were made since this was imported."""
    memory = MemoryDynamoDB()
    _answering.append(memory)
    try:
        yield memory
    finally:
        _answering.remove(memory)


def engines() -> list[Engine]:
    """Return the engines that answer at the moment, the one that is asked last."""
    return [each.engine for each in _answering]


def _send(request: Any, **_: Any) -> AWSResponse | None:
    """Stand in for the network; `None` lets the request go there, or to moto."""
    if not _answering:
        return None
    operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
    status, body = _answering[-1].answer(operation, json.loads(request.body))
    text = json.dumps(body).encode()
    headers = HTTPHeaders.from_pairs([TYPE, ("x-amzn-RequestId", uuid4().hex.upper())])
    return AWSResponse(request.url, status, headers, _Raw(text))


class _Raw(io.BytesIO):
    """A body, as botocore reads it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        """Yield all of it."""
        yield self.read()


BUILTIN_HANDLERS.append(("before-send.dynamodb", _send))
