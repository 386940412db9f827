"""Settings that are in the templates but that the emulator's CloudFormation passes over.

They are set through the services' own APIs, as CloudFormation would.
"""

from collections.abc import Callable
from typing import Any

from tools.local.description import ServiceStack
from tools.local.errors import LocalStackError
from tools.local.options import ACCOUNT_ID, REGION
from tools.local.templates import Template

Client = Callable[[str], Any]


def apply_missing_settings(client: Client, template: Template, stack: ServiceStack) -> int:
    """Apply table TTL, reserved concurrency and function DLQs; return how many were set."""
    done = 0
    for logical_id, resource in template["Resources"].items():
        physical_id = stack.resources.get(logical_id)
        if physical_id is None:  # its condition is false
            continue
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::DynamoDB::Table":
            if ttl := properties.get("TimeToLiveSpecification"):
                client("dynamodb").update_time_to_live(
                    TableName=physical_id, TimeToLiveSpecification=ttl
                )
                done += 1
        elif resource["Type"] == "AWS::Lambda::Function":
            done += _function(client("lambda"), physical_id, properties, stack, template)
    return done


def _function(
    client: Any, name: str, properties: dict[str, Any], stack: ServiceStack, template: Template
) -> int:
    done = 0
    if (reserved := properties.get("ReservedConcurrentExecutions")) is not None:
        client.put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=int(reserved)
        )
        done += 1
    if target := properties.get("DeadLetterConfig", {}).get("TargetArn"):
        client.update_function_configuration(
            FunctionName=name,
            DeadLetterConfig={"TargetArn": _queue_arn(target, stack, template)},
        )
        done += 1
    return done


def _queue_arn(target: Any, stack: ServiceStack, template: Template) -> str:
    if isinstance(target, str):
        return target
    match target:
        case {"Fn::GetAtt": [logical_id, "Arn"]} if (
            template["Resources"][logical_id]["Type"] == "AWS::SQS::Queue"
        ):
            # CloudFormation's physical id of a queue is its URL, which ends in its name.
            queue = stack.resources[logical_id].rsplit("/", 1)[-1]
            return f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{queue}"
    raise LocalStackError(
        f"{stack.name}: cannot set a dead-letter target given as {target}; "
        "use the Arn attribute of a queue in the same template"
    )
