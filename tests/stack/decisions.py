"""What the stack's functions were seen to do by its IAM, handed to `tools.lab.privileges`."""

import json
import re
from pathlib import Path

from tools.lab.privileges.symbols import ACCOUNT, REGION
from tools.local.access import StackAccess
from tools.local.options import STACK_NAME

# What the root stack has and functions of the services call.
_SHARED = ("AWS::Events::EventBus", "AWS::AppConfig::")
_ALSO = {"appconfig:StartDeployment": "FLAGS_DEPLOYMENT_STRATEGY"}
"""What AWS asks IAM about as well and the emulator does not: the variable that names it."""
_ROLE = re.compile(r"arn:aws:sts::\d+:assumed-role/([^/]+)/")


def hand_over(stack: StackAccess, decisions: Path, folder: Path) -> int:
    """Write the *decisions* of the stack's IAM into the record at *folder*; return how many."""
    names, roles = _symbols(stack)
    lines = []
    for text in decisions.read_text("utf-8").splitlines():
        principal, action, resource = text.split("\t")
        role = _ROLE.match(principal)
        if role is None or role[1] not in roles:
            continue
        named = {"function": roles[role[1]], "action": action}
        lines.append(json.dumps(named | {"resource": _symbolic(resource, names)}))
        if action in _ALSO:
            lines.append(json.dumps(named | {"by": _ALSO[action], "index": ""}))
    (folder / "stack.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return len(lines)


def _symbols(stack: StackAccess) -> tuple[dict[str, str], dict[str, str]]:
    """Return symbolic names by physical ones, and functions by their roles' physical names."""
    names: dict[str, str] = {}
    roles: dict[str, str] = {}
    for service, deployed in stack.description.services.items():
        for use_case, function in deployed.functions.items():
            logical_id = next(k for k, v in deployed.resources.items() if v == function)
            roles[deployed.resources[f"{logical_id}Role"]] = f"{service}/{use_case}"
        for logical_id, physical in deployed.resources.items():
            names[re.split("[/:]", physical)[-1]] = f"{service}-{logical_id}"
    root = stack.client("cloudformation").describe_stack_resources(StackName=STACK_NAME)
    for resource in root["StackResources"]:
        if resource["ResourceType"].startswith(_SHARED):
            names[resource["PhysicalResourceId"]] = f"root-{resource['LogicalResourceId']}"
    return names, roles


def _symbolic(arn: str, names: dict[str, str]) -> str:
    """Return *arn* with our region, our account and symbolic names."""
    head = arn.split(":", 5)
    if len(head) < 6:  # no ARN: a star, say
        return arn
    *_, tail = head
    parts = re.split("([/:])", tail)
    named = "".join(_named(part, names) for part in parts)
    return ":".join([*head[:3], REGION, ACCOUNT, named])


def _named(part: str, names: dict[str, str]) -> str:
    """Return the symbolic name; a secret's ARN has six characters more than its name."""
    return names.get(part) or names.get(part.rpartition("-")[0]) or part
