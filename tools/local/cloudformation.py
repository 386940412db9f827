"""Deploy the bundle: upload, create or update the root stack, wait, and say why it failed."""

import json
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tools.local.bundle import BUCKET, Bundle, template_url
from tools.local.errors import DeploymentFailed
from tools.local.options import STACK_NAME

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client

DEPLOY_TIMEOUT_SECONDS = 300
POLL_SECONDS = 0.1
DONE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})


def upload(s3: "S3Client", bundle: Bundle) -> None:
    """Put every package and template of *bundle* into the artifacts bucket."""
    s3.create_bucket(Bucket=BUCKET)
    for made in bundle.packages.values():
        s3.put_object(Bucket=BUCKET, Key=made.key, Body=made.path.read_bytes())
    for key, template in bundle.templates.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(template, sort_keys=True).encode())


def deploy(
    client: "CloudFormationClient",
    root_key: str,
    parameters: dict[str, str],
    on_event: Callable[[str, str], None],
) -> None:
    """Create or update the root stack and wait for it; `DeploymentFailed` with the reasons.

    *on_event* gets each resource that changed its status, as (logical id, status).
    """
    request: dict[str, Any] = {
        "StackName": STACK_NAME,
        "TemplateURL": template_url(root_key),
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        "Parameters": [
            {"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()
        ],
    }
    try:
        if _exists(client):
            client.update_stack(**request)
        else:
            client.create_stack(**request, DisableRollback=True)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return
        raise DeploymentFailed("CloudFormation refused the template.", [str(error)]) from error
    _wait(client, on_event)


def _exists(client: "CloudFormationClient") -> bool:
    try:
        client.describe_stacks(StackName=STACK_NAME)
    except ClientError:
        return False
    return True


def _wait(client: "CloudFormationClient", on_event: Callable[[str, str], None]) -> None:
    seen: set[str] = set()
    deadline = time.monotonic() + DEPLOY_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        status = client.describe_stacks(StackName=STACK_NAME)["Stacks"][0]["StackStatus"]
        for event in reversed(list(_events(client, STACK_NAME))):
            if event["EventId"] not in seen:
                seen.add(event["EventId"])
                on_event(event["LogicalResourceId"], event["ResourceStatus"])
        if status in DONE:
            return
        if not status.endswith("_IN_PROGRESS"):
            raise DeploymentFailed(f"The stack ended in {status}.", _reasons(client))
        time.sleep(POLL_SECONDS)
    raise DeploymentFailed(
        f"The stack is not done after {DEPLOY_TIMEOUT_SECONDS} s.", _reasons(client)
    )


def _reasons(client: "CloudFormationClient") -> list[str]:
    stacks = client.describe_stacks()["Stacks"]
    return [
        f"{stack['StackName']} / {event['LogicalResourceId']} ({event['ResourceType']}): "
        f"{event.get('ResourceStatusReason', 'no reason given')}"
        for stack in stacks
        for event in _events(client, stack["StackName"])
        if event["ResourceStatus"].endswith("_FAILED")
    ]


def _events(client: "CloudFormationClient", stack: str) -> Iterator[Any]:
    for page in client.get_paginator("describe_stack_events").paginate(StackName=stack):
        yield from page["StackEvents"]
