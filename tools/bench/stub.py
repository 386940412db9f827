"""A loopback endpoint that answers AWS calls from memory, always the same way.

It is no emulator: it keeps the first items of each aggregate type that are written before
`freeze`, and then answers every read of that type with them, under whatever id was asked for.
Every call finds the same state, so a thousand calls cost the same as one.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

SECRET = "a secret of the benchmark, used for nothing"  # noqa: S105


class State:
    """Items by aggregate type and sort key, as templates with the id left out."""

    def __init__(self) -> None:
        self._items: dict[str, dict[str, str]] = {}
        self.frozen = False
        self.calls = 0

    def keep(self, item: dict[str, Any]) -> None:
        kind, _, id_ = item["PK"]["S"].partition("#")
        if not self.frozen and kind.istitle():
            template = json.dumps(item).replace(id_, "<id>")
            self._items.setdefault(kind, {}).setdefault(item["SK"]["S"], template)

    def get(self, key: dict[str, Any]) -> dict[str, Any] | None:
        kind, _, id_ = key["PK"]["S"].partition("#")
        template = self._items.get(kind, {}).get(key["SK"]["S"])
        return json.loads(template.replace("<id>", id_)) if template else None

    def events(self, partition: str) -> list[dict[str, Any]]:
        kind, _, id_ = partition.partition("#")
        return [
            json.loads(template.replace("<id>", id_))
            for sort_key, template in sorted(self._items.get(kind, {}).items())
            if sort_key.startswith("EVENT#")
        ]


def answer(state: State, operation: str, request: dict[str, Any]) -> dict[str, Any]:
    """The reply to one call."""
    state.calls += 1
    match operation:
        case "GetItem":
            item = state.get(request["Key"])
            return {"Item": item} if item else {}
        case "BatchGetItem":
            wanted = request["RequestItems"].items()
            found = {t: [state.get(key) for key in keys["Keys"]] for t, keys in wanted}
            return {"Responses": {t: [i for i in items if i] for t, items in found.items()}}
        case "Query":
            values = [v.get("S", "") for v in request["ExpressionAttributeValues"].values()]
            partition = next(value for value in values if re.match(r"[A-Z]\w+#", value))
            return {"Items": state.events(partition)}
        case "PutItem":
            state.keep(request["Item"])
        case "TransactWriteItems":
            for write in request["TransactItems"]:
                if "Put" in write:
                    state.keep(write["Put"]["Item"])
        case "UpdateItem":  # the only one: a rate limit's counter
            return {"Attributes": {"taken": {"N": "1"}}}
        case "GetSecretValue":
            return {"ARN": "a", "Name": "a", "VersionId": "1", "SecretString": SECRET}
    return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One packet for head and body, at once: otherwise the client waits 40 ms for the second.
    wbufsize = -1
    disable_nagle_algorithm = True
    state: State

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        data = json.dumps(answer(self.state, operation, body)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""


class Stub:
    """The endpoint while the `with` block runs; `url` is where it listens."""

    def __enter__(self) -> Self:
        self.state = State()
        handler = type("BoundHandler", (Handler,), {"state": self.state})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
