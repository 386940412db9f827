"""Invoke a task of operations until it is done."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tools.entry.guard import ToolError
from tools.entry.names import nearest

LIVE = "live"
"""The alias that every function is invoked by: what is behind it was published."""
Answer = dict[str, Any]
Invoke = Callable[[Mapping[str, Any]], Answer]


class TaskRefused(ToolError):
    """The task says why it did nothing."""


def invoker(client: Any, function: str) -> Invoke:
    """Return what invokes *function*; it raises `TaskRefused` for what is refused or fails."""

    def invoke(asked: Mapping[str, Any]) -> Answer:
        payload = json.dumps(dict(asked)).encode()
        response = client.invoke(FunctionName=function, Qualifier=LIVE, Payload=payload)
        answer: Answer = json.loads(response["Payload"].read())
        if "FunctionError" in response:
            raise TaskRefused(f"{function} failed: {answer.get('errorMessage', answer)}")
        if "error" in answer:
            raise TaskRefused(_sentence(answer["error"]))
        return answer

    return invoke


def until_done(invoke: Invoke, asked: Mapping[str, Any]) -> Iterator[Answer]:
    """Invoke, and go on where it stopped, until it is done; yield each answer."""
    position = None
    while True:
        answer = invoke({**asked, **({"position": position} if position else {})})
        yield answer
        if answer["done"]:
            return
        position = answer.get("position")


def _sentence(error: Mapping[str, Any]) -> str:
    details = error.get("details") or {}
    errors = "; ".join(
        f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in details.get("errors", ())
    )
    if errors:
        return errors
    consumers = list(details.get("consumers", ()))
    if not consumers:
        return str(error["message"])
    return f"{error['message']}{nearest(str(details.get('consumer', '')), consumers)}"
