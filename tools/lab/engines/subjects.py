"""The engines that are compared, behind one interface."""

import http.client
import itertools
import json
import logging
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from tools.lab.engines.outcomes import Outcome, answered, plain, refused
from tools.lab.engines.tables import MIXED, REQUESTS, SPECS
from tools.lab.simulation.engine.batches import MAX_WRITES
from tools.lab.simulation.engine.engine import Engine, Refused
from tools.lab.simulation.engine.spec import only
from tools.lab.simulation.engine.values import stored

Items = dict[str, list[Any]]
"""Everything the tables hold, by table, each sorted."""

Records = dict[str, dict[str, list[Any]]]
"""Change records in their order, by table and by the key (as text) of what was changed."""

_CREDENTIAL = (
    "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request,"
    " SignedHeaders=host, Signature=0"
)
_SEQUENCES = itertools.count()
"""Numbers what was begun in this process: engines outlive a sequence and remember its tokens."""

_MOST_RECORDS = 1000
"""GetRecords gives as many at once."""

READS = frozenset({"GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"})
_DATA, _STREAMS = "DynamoDB_20120810", "DynamoDBStreams_20120810"


class Subject(Protocol):
    """An engine with the tables of `tools.lab.engines.tables`; ``begin`` empties them."""

    name: str

    def begin(self) -> None: ...
    def call(self, operation: str, request: Mapping[str, Any]) -> Outcome: ...
    def contents(self) -> Items:
        """Return what is in the tables."""
        ...

    def records(self) -> Records:
        """Return what the streams say since ``begin``."""
        ...


def scanned(subject: Subject, tables: Collection[str] = SPECS) -> Items:
    """Return what scans find, of one index as well; only *tables* have anything in them."""
    found: Items = {table: [] for table in SPECS}
    for table in tables:
        found[table] = _scanned(subject, {"TableName": table, "ConsistentRead": True})
    if MIXED in tables:
        found["an index"] = _scanned(subject, {"TableName": MIXED, "IndexName": "Whole"})
    return {"an index": [], **found}


def _scanned(subject: Subject, request: dict[str, Any]) -> list[Any]:
    items: list[Any] = []
    while True:
        answer = subject.call("Scan", request).answer
        items.extend(answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return sorted(items, key=repr)
        request = {**request, "ExclusiveStartKey": answer["LastEvaluatedKey"]}


class Ours:
    """The simulator's engine; its clock stands still."""

    name = "ours"

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.engine = Engine(now=lambda: 1_767_225_600.0)
        for spec in SPECS.values():
            self.engine.create_table(spec)

    def call(self, operation: str, request: Mapping[str, Any]) -> Outcome:
        try:
            return answered(operation, self.engine.call(operation, dict(request)))
        except Refused as refusal:
            return refused(refusal.code, refusal.message, refusal.reasons, refusal.item)

    def contents(self) -> Items:
        return scanned(self)

    def records(self) -> Records:
        return {
            table: by_key([change.record() for change in self.engine.stream(table)])
            for table in SPECS
        }


class DynamoDBLocal:
    """AWS's DynamoDB Local at *url*, spoken to without an SDK that would check requests first."""

    name = "DynamoDB Local"

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self._connection = http.client.HTTPConnection(where.hostname or "", where.port)
        self._streams: dict[str, str] = {}
        self._iterators: dict[str, str] = {}
        self._prefix = ""
        self._removed: Counter[str] = Counter()
        """How many records of ``begin`` the streams still have in front."""
        self._touched: set[str] = set()
        """The tables with records that were not read: the others need not be asked."""
        self._contents: Items | None = None
        """What a scan found, until something is written."""
        for request in REQUESTS:
            _, body = self.send(f"{_DATA}.CreateTable", request)
            stream = body["TableDescription"]["LatestStreamArn"]
            self._streams[request["TableName"]] = stream
            self._iterators[request["TableName"]] = self._iterator(stream)

    def close(self) -> None:
        self._connection.close()

    def begin(self) -> None:
        """Empty the tables; tokens of an earlier sequence are no longer known."""
        self._prefix = f"{next(_SEQUENCES)}-"
        gone = [
            (table, {"DeleteRequest": {"Key": only(item, SPECS[table].key.names)}})
            for table, items in self.contents().items()
            if table in SPECS
            for item in items
        ]
        self.records()
        for start in range(0, len(gone), MAX_WRITES):
            requests: dict[str, list[Any]] = {}
            for table, request in gone[start : start + MAX_WRITES]:
                requests.setdefault(table, []).append(request)
            self.call("BatchWriteItem", {"RequestItems": requests})
        self._removed = Counter(table for table, _ in gone)
        self._touched = set(self._removed)

    def contents(self) -> Items:
        if self._contents is None:
            self._contents = scanned(self, self._touched)
        return self._contents

    def call(self, operation: str, request: Mapping[str, Any]) -> Outcome:
        if request.get("ClientRequestToken"):
            token = self._prefix + request["ClientRequestToken"]
            request = {**request, "ClientRequestToken": token}
        if operation not in READS:
            self._contents = None
            self._touched |= {table for table in SPECS if f"'{table}'" in str(request)}
        status, body = self.send(f"{_DATA}.{operation}", request)
        return _read(operation, status, body)

    def records(self) -> Records:
        found: Records = {}
        for table in SPECS:
            taken: list[Any] = []
            while table in self._touched:
                body = self._records(table)
                self._iterators[table] = body["NextShardIterator"]
                taken.extend(body["Records"])
                if len(body["Records"]) < _MOST_RECORDS:
                    break
            found[table] = by_key(taken[self._removed[table] :])
        self._removed.clear()
        self._touched.clear()
        return found

    def _records(self, table: str) -> Any:
        asked = {"ShardIterator": self._iterators[table]}
        status, body = self.send(f"{_STREAMS}.GetRecords", asked)
        if status == http.HTTPStatus.OK:
            return body
        # An iterator made before a shard's first record counts as one before its oldest.
        asked = {"ShardIterator": self._iterator(self._streams[table])}
        return self.send(f"{_STREAMS}.GetRecords", asked)[1]

    def send(self, target: str, request: Mapping[str, Any]) -> tuple[int, Any]:
        """Return the status and the body of one request."""
        self._connection.request(
            "POST",
            "/",
            json.dumps(request),
            {
                "X-Amz-Target": target,
                "Content-Type": "application/x-amz-json-1.0",
                "Authorization": _CREDENTIAL,
            },
        )
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())

    def _iterator(self, stream: str) -> str:
        _, body = self.send(f"{_STREAMS}.DescribeStream", {"StreamArn": stream})
        (shard,) = body["StreamDescription"]["Shards"]
        asked = {
            "StreamArn": stream,
            "ShardId": shard["ShardId"],
            "ShardIteratorType": "TRIM_HORIZON",
        }
        _, body = self.send(f"{_STREAMS}.GetShardIterator", asked)
        iterator: str = body["ShardIterator"]
        return iterator


class MiniStack:
    """MiniStack's DynamoDB, called in this process."""

    name = "MiniStack"

    def __init__(self) -> None:
        from ministack.services import dynamodb  # noqa: PLC0415  # a third of a second

        self._service = dynamodb
        logging.getLogger("dynamodb").setLevel(logging.CRITICAL)  # it logs what it refuses
        self._prefix = ""

    def begin(self) -> None:
        self._prefix = f"{next(_SEQUENCES)}-"
        self._service.reset()
        for request in REQUESTS:
            self.send("CreateTable", request)

    def call(self, operation: str, request: Mapping[str, Any]) -> Outcome:
        if request.get("ClientRequestToken"):
            token = self._prefix + request["ClientRequestToken"]
            request = {**request, "ClientRequestToken": token}
        status, body = self.send(operation, request)
        return _read(operation, status, body)

    def contents(self) -> Items:
        return scanned(self)

    def records(self) -> Records:
        return {
            table: by_key(json.loads(json.dumps(self._service.stream_live_records(table))))
            for table in SPECS
        }

    def send(self, operation: str, request: Mapping[str, Any]) -> tuple[int, Any]:
        """Return the status and the body of one request."""
        headers = {"x-amz-target": f"DynamoDB_20120810.{operation}"}
        handling = self._service.handle_request(
            "POST", "/", headers, json.dumps(request).encode(), {}
        )
        try:
            handling.send(None)
        except StopIteration as done:
            status, _, body = done.value
            return status, json.loads(body)
        except Exception as crash:  # noqa: BLE001 - its server answers any of them so
            return 500, {"__type": "InternalServerError", "message": repr(crash)}
        raise AssertionError("MiniStack's DynamoDB waits for something")


def _read(operation: str, status: int, body: Any) -> Outcome:
    if status == http.HTTPStatus.OK:
        return answered(operation, body)
    return refused(
        body.get("__type", "?"),
        body.get("message") or body.get("Message") or "",
        body.get("CancellationReasons"),
        body.get("Item"),
    )


def by_key(records: list[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return what was done to each key, in its order; between keys no order is promised."""
    found: dict[str, list[Any]] = {}
    for record in records:
        change = record["dynamodb"]
        images = [plain(change.get(name)) for name in ("OldImage", "NewImage")]
        found.setdefault(_shown(change["Keys"]), []).append([record["eventName"], *images])
    return found


def _shown(key: Mapping[str, Any]) -> str:
    """Return a key as a text; one engine repeats its numbers as they were written."""
    kept = {name: stored(value)[0] for name, value in sorted(key.items())}
    return json.dumps(kept, ensure_ascii=False)
