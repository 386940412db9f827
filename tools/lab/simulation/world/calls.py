"""Where the product meets AWS: every call of every botocore client comes through here.

The hook is `BaseClient._make_api_call`, one step before the ``before-call`` event: what lies
between the two (endpoint rules, serialisation) costs 0.1 to 0.4 ms a call and decides nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from tools.lab.simulation.world.state import state
from tools.lab.simulation.world.tasks import Killed
from tools.lab.support.call_record import note

_WRITES = frozenset(
    {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
)
_BY_LISTS = ("gateway", "operations", "operators")
"""Their functions are told lists of tables, and no variable is one: what they use, their own tests
record. Operators' tools have no role that follows from a template."""
_ATTEMPTS = 3
"""botocore's own, where a client does not say how often it tries."""


@dataclass(slots=True)
class Call:
    """One call on its way to AWS."""

    client: BaseClient
    service: str
    operation: str
    params: dict[str, Any]
    since: float
    """When it was sent off, in virtual seconds."""
    number: int = 0

    @property
    def writes(self) -> bool:
        """Whether it may change a table."""
        return self.operation in _WRITES

    @property
    def table(self) -> str:
        """The table of a call to DynamoDB; of a transaction or batch, that of its first part."""
        if self.service != "dynamodb":
            return ""
        if "TableName" in self.params:
            return str(self.params["TableName"])
        if "TransactItems" in self.params:
            (body,) = self.params["TransactItems"][0].values()
            return str(body["TableName"])
        return str(next(iter(self.params.get("RequestItems", {"": None}))))

    @property
    def is_tried_again(self) -> bool:
        """Whether the SDK sends it again when it hears nothing."""
        config: Any = self.client.meta.config  # its options are attributes at run time alone
        return int(config.retries.get("total_max_attempts", _ATTEMPTS)) > 1

    def with_params(self, params: dict[str, Any]) -> "Call":
        """Return the same call with other parameters."""
        return replace(self, params=params)

    def subject(self) -> list[str]:
        """Return what it is about, in short: the keys, the entries, the message."""
        params = self.params
        match self.operation:
            case "TransactWriteItems":
                parts = [_action(action) for action in params["TransactItems"]]
            case "GetItem" | "UpdateItem" | "DeleteItem":
                parts = [_key(params["Key"])]
            case "PutItem":
                parts = [_key(params["Item"])]
            case "Query":
                values = params.get("ExpressionAttributeValues", {})
                parts = [params.get("IndexName", ""), *(_plain(each) for each in values.values())]
            case "BatchGetItem":
                keys = next(iter(params["RequestItems"].values()))["Keys"]
                parts = [_key(key) for key in keys]
            case "PutEvents":
                parts = [entry["DetailType"] for entry in params["Entries"]]
            case "ChangeMessageVisibility":
                parts = [params["ReceiptHandle"], str(params["VisibilityTimeout"])]
            case _:
                parts = [str(value) for value in params.values() if isinstance(value, str)]
        return parts

    def error(self, code: str, message: str, **more: Any) -> Exception:
        """Return the exception of a refusal, of the class that the client has for it."""
        response = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": 500 if "Internal" in code else 400},
            **more,
        }
        kind: Any = self.client.exceptions.from_code(code)
        found: Exception = kind(response, self.operation)
        return found

    def lost(self, *, quickly: bool) -> Exception:
        """Return the exception of a call that got no answer."""
        if quickly:
            return ConnectionClosedError(endpoint_url="https://aws.simulated")
        return ReadTimeoutError(endpoint_url="https://aws.simulated")


def intercepted(send: Callable[..., Any]) -> Callable[..., Any]:
    """Return what stands in for ``BaseClient._make_api_call``; *send* is the real one."""

    def call(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        if state.world is None:
            return send(client, operation, params)
        task = state.task
        if task is None:
            raise RuntimeError(f"{operation} was called outside any invocation")
        if task.dead:
            raise Killed
        _note(client, operation, params)
        service = client.meta.service_model.service_name
        task.call = Call(client, service, operation, params, state.world.clock.now)
        state.world.calling(task)
        return task.stop()

    return call


def _note(client: BaseClient, operation: str, params: dict[str, Any]) -> None:
    """Have the call held against what the function's role allows, where a run asks for that."""
    function = state.container.function if state.container else None
    if function is not None and function.spec.context not in _BY_LISTS:
        service = client.meta.service_model.service_name
        known = (function.spec.name.replace(".", "/"), "")
        environment = function.environment
        note(service, operation, params, invocation=known, environment=environment)


def _action(action: Mapping[str, Any]) -> str:
    ((kind, body),) = action.items()
    return f"{kind}:{_key(body.get('Item') or body['Key'])}"


def _key(item: Mapping[str, Any]) -> str:
    return "/".join(_plain(item[name]) for name in ("PK", "SK") if name in item)


def _plain(value: Mapping[str, Any]) -> str:
    return str(next(iter(value.values())))
