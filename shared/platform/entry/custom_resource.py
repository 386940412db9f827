"""A task that a deployment waits for: CloudFormation invokes it as a custom resource.

    handler = custom_resource(task_handler(wiring, "rotate_signing_keys", …), "signing-keys")

CloudFormation hears from it by a PUT to a URL of its own, or else waits for an hour. Any other
event goes to the task alone.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
Send = Callable[[str, bytes], None]


def _send(url: str, body: bytes) -> None:
    import urllib.request  # noqa: PLC0415  # once in a stack's life

    # A presigned URL would refuse the type that urllib sets by itself.
    put = urllib.request.Request(url, body, {"content-type": ""}, method="PUT")  # noqa: S310  # CloudFormation's
    urllib.request.urlopen(put, timeout=5).read()  # noqa: S310


def custom_resource(task: Handler, name: str, *, send: Send = _send) -> Handler:
    """Return *task*, answering deployments too; *name* is what they know the resource by.

    A deployment that removes the resource has nothing done. One whose task fails, fails.
    """

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        if "ResponseURL" not in event:
            return task(event, context)
        told = _outcome(task, event, context)
        named = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
        answer = {**named, "PhysicalResourceId": name, **told}
        send(event["ResponseURL"], json.dumps(answer).encode())
        return answer

    return handle


def _outcome(task: Handler, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    if event.get("RequestType") == "Delete":
        return {"Status": "SUCCESS"}
    try:
        done = task({}, context)
    except Exception as error:  # noqa: BLE001  # whatever it is, the deployment waits for a word
        return {"Status": "FAILED", "Reason": f"{type(error).__name__}: {error}"}
    if "error" in done:
        return {"Status": "FAILED", "Reason": str(done["error"]["message"])}
    return {"Status": "SUCCESS"}
