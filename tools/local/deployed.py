"""Read back what CloudFormation made."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tools.local.description import ServiceStack, use_case_name
from tools.local.options import STACK_NAME

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

NESTED = "AWS::CloudFormation::Stack"


def root_stack(client: "CloudFormationClient") -> ServiceStack:
    """Return the root stack."""
    return _read(client, STACK_NAME)


def nested_stacks(client: "CloudFormationClient") -> dict[str, ServiceStack]:
    """Return the nested stacks by their logical ids in the root template."""
    resources = client.describe_stack_resources(StackName=STACK_NAME)["StackResources"]
    return {
        resource["LogicalResourceId"]: _read(client, resource["PhysicalResourceId"])
        for resource in resources
        if resource["ResourceType"] == NESTED
    }


def by_context(
    stacks: Mapping[str, ServiceStack], contexts: Mapping[str, str]
) -> dict[str, ServiceStack]:
    """Return the services by context; one that has two stacks has what is in either.

    What both have by one name, such as `Api`, is that of the first, which is named after the
    context alone.
    """
    found: dict[str, ServiceStack] = {}
    for logical_id in sorted(stacks):
        context, more = contexts[logical_id], stacks[logical_id]
        first = found.get(context)
        found[context] = (
            more
            if first is None
            else replace(
                first,
                outputs=more.outputs | first.outputs,
                functions=more.functions | first.functions,
                tables=more.tables | first.tables,
                queues=more.queues | first.queues,
                resources=more.resources | first.resources,
            )
        )
    return found


def _read(client: "CloudFormationClient", name: str) -> ServiceStack:
    stack = client.describe_stacks(StackName=name)["Stacks"][0]
    resources = client.describe_stack_resources(StackName=name)["StackResources"]
    by_kind: dict[str, dict[str, str]] = {}
    for resource in resources:
        ids = by_kind.setdefault(resource["ResourceType"], {})
        ids[resource["LogicalResourceId"]] = resource.get("PhysicalResourceId", "")
    functions = by_kind.get("AWS::Lambda::Function", {})
    return ServiceStack(
        name=stack["StackName"],
        outputs={
            output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])
        },
        functions={use_case_name(logical): name for logical, name in functions.items()},
        tables=by_kind.get("AWS::DynamoDB::Table", {}),
        queues=by_kind.get("AWS::SQS::Queue", {}),
        resources={logical: name for ids in by_kind.values() for logical, name in ids.items()},
    )
