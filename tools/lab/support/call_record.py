"""Records which function called which AWS action on which resource, for `tools.lab.privileges`.

On while ``CALL_RECORD`` names a folder: each process appends what it has not seen yet to a file of
its own there. Names of tables, queues and secrets differ from test to test, so a resource is
recorded by what led the function to it: the variable of its environment, or its event source.
Of a read of DynamoDB it records, too, which code read, and how consistently.
"""

import importlib.abc
import importlib.machinery
import json
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from botocore.client import BaseClient

HANDLER = re.compile(r"functions\.(\w+)\.(\w+)\.handler")
FOLDER = "CALL_RECORD"
TIERS = "TEST_TIERS"
"""The variable with the tiers of the test that runs, such as ``redis``."""
SOURCE = "(event source)"
_ADDRESS = re.compile(r"^[^<]*<([^>]+)>$")
_VARIABLES = {
    "dynamodb": "TABLE",
    "events": "BUS",
    "secretsmanager": "SECRET",
    "sqs": "QUEUE",
    "ses": "SENDER",
    "appconfig": "CONFIG",
}
"""What the variables that name such a resource have in their own names."""
_PARTS = re.compile(r"[,=]")
_IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
"""The permission that each item of a transaction needs: transactions have none of their own."""
_READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan"})
_BENEATH = (
    "shared.platform.dynamodb.reading",
    "shared.platform.dynamodb.paging",
    "shared.platform.dynamodb.counters",
    "shared.platform.aws",
)
"""What other code reads with; what is read, and why, that code knows."""
_NAMED_BY = (
    "QueueUrl", "QueueName", "SecretId", "Name", "TopicArn", "FunctionName", "KeyId", "Source",
    "FromEmailAddress", "ApplicationId",
)  # fmt: skip
"""Parameters that name a resource, the better ones first."""

Invocation = tuple[str, str]
"""Function as ``service/use_case``, and the name of the queue or table its event came from."""

_invocation: ContextVar[Invocation | None] = ContextVar("invocation", default=None)
_running: list[Invocation] = []
_session: list[str] = []
_seen: set[tuple[str, ...]] = set()


def install() -> None:
    """Record from now on, in this process and those it starts, if the environment asks for it."""
    if FOLDER not in os.environ or any(isinstance(f, _Finder) for f in sys.meta_path):
        return
    sys.meta_path.insert(0, _Finder())
    send = BaseClient._make_api_call  # type: ignore[attr-defined]

    def recording(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        known = _invocation.get() or _only_one_running()
        if known is not None:
            service = client.meta.service_model.service_name
            note(service, operation, parameters, invocation=known, environment=os.environ)
        return send(client, operation, parameters)

    BaseClient._make_api_call = recording  # type: ignore[attr-defined]


def _only_one_running() -> Invocation | None:
    """Return whose call it is in a thread that a function started: threads know no context."""
    started = threading.current_thread() is not threading.main_thread()
    return _running[0] if started and len(_running) == 1 else None


def note(
    service: str,
    operation: str,
    parameters: Mapping[str, Any],
    *,
    invocation: Invocation,
    environment: Mapping[str, str],
) -> None:
    """Record one call; nothing where nobody asked for a record."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        return
    function, source = invocation
    tiers = os.environ.get(TIERS, "")
    reads, reader = kind_of_read(operation, parameters), ""
    if reads:
        reader = _reader()
    for action, name, index in _touched(service, operation, parameters):
        key = (function, action, name, index, source, tiers, reads, reader)
        if key in _seen:
            continue
        _seen.add(key)
        line = {
            "function": function,
            "action": action,
            "by": _led_by(action, name, source, environment),
            "index": index,
            "tiers": tiers,
        }
        if reads:
            line |= {"reads": reads, "reader": reader}
        with (Path(folder) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def kind_of_read(operation: str, parameters: Mapping[str, Any]) -> str:
    """Return how consistent a read is as its parameters ask for it; empty for what reads not."""
    if operation == "TransactGetItems":
        return "transaction"
    if operation not in _READS:
        return ""
    if "IndexName" in parameters:
        return "index"
    asked = [*parameters.get("RequestItems", {}).values()] or [parameters]
    consistent = all(each.get("ConsistentRead") for each in asked)
    return "consistent" if consistent else "eventual"


def _reader() -> str:
    """Return the product's code that reads, as ``module:function``: not what all reads go through.

    A test's own reads are nobody's.
    """
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("shared.") and not module.startswith(_BENEATH):
            return f"{module.removeprefix('shared.')}:{frame.f_code.co_qualname}"
        frame = frame.f_back
    return ""


def _touched(
    service: str, operation: str, parameters: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Yield the IAM action, the resource's name and the index of everything the call touches."""
    prefix = {"sesv2": "ses"}.get(service, service)
    if "TransactItems" in parameters:
        for item in parameters["TransactItems"]:
            for kind, body in item.items():
                yield f"{prefix}:{_IN_TRANSACTION[kind]}", body["TableName"], ""
    elif "RequestItems" in parameters:
        for table in parameters["RequestItems"]:
            yield f"{prefix}:{operation}", table, ""
    elif "TableName" in parameters:
        yield f"{prefix}:{operation}", parameters["TableName"], parameters.get("IndexName", "")
    elif service == "appconfigdata":  # its calls need permissions of another prefix
        yield f"appconfig:{operation}", _configuration(parameters), ""
    elif operation == "PutEvents":
        for entry in parameters["Entries"]:
            yield f"{prefix}:{operation}", entry.get("EventBusName", "default"), ""
    else:
        named = (parameters[each] for each in _NAMED_BY if each in parameters)
        yield f"{prefix}:{operation}", str(next(named, "")), ""


def _configuration(parameters: Mapping[str, Any]) -> str:
    """Return application, environment and profile; later calls of a session only have a token."""
    names = [
        str(parameters.get(f"{part}Identifier"))
        for part in ("Application", "Environment", "ConfigurationProfile")
        if f"{part}Identifier" in parameters
    ]
    if names:
        _session[:] = names
    return "/".join(_session)


def _led_by(action: str, name: str, source: str, environment: Mapping[str, str]) -> str:
    """Return what led to *name*: ``VARIABLE``, ``VARIABLE[2]`` for a part of one, or `SOURCE`."""
    name = _ADDRESS.sub(r"\1", name)
    tail = name.rstrip("/").rpartition("/")[2].rpartition(":")[2]
    if source and tail == source:
        return SOURCE
    kind = _VARIABLES.get(action.partition(":")[0], "")
    likely = {each: value for each, value in environment.items() if re.search(kind, each)}
    for variable, value in likely.items():
        # AppConfig's calls name the application; the variable goes on with what is in it.
        if name and (value == name or (kind == "CONFIG" and value.startswith(f"{name}/"))):
            return variable
    for variable, value in likely.items():
        parts = _PARTS.split(value)
        if len(parts) > 1 and name in parts:
            return f"{variable}[{parts.index(name)}]"
    return f"?{name}"


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the handlers' modules and has what they do recorded as theirs."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        found = HANDLER.fullmatch(fullname)
        if not found:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, f"{found[1]}/{found[2]}")
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: Any, function: str) -> None:
        self._loader = loader
        self._function = function

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        token = _invocation.set((self._function, ""))
        try:
            self._loader.exec_module(module)
        finally:
            _invocation.reset(token)
        handler = vars(module)["handler"]
        vars(module)["handler"] = _attributed(handler, self._function)


def _attributed(handler: Callable[..., Any], function: str) -> Callable[..., Any]:
    def invoke(event: Any, context: Any) -> Any:
        known = (function, _source(event))
        token = _invocation.set(known)
        _running.append(known)
        try:
            return handler(event, context)
        finally:
            _running.remove(known)
            _invocation.reset(token)

    return invoke


def _source(event: Any) -> str:
    """Return the name of the queue or table that *event* came from, if it came from one."""
    try:
        arn: str = event["Records"][0]["eventSourceARN"]
    except (KeyError, IndexError, TypeError):
        return ""
    return arn.partition("/stream/")[0].rpartition("/")[2].rpartition(":")[2]
