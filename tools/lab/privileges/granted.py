"""What the roles in the translated templates allow, statement by statement."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools.lab.privileges.symbols import System
from tools.local.templates import alternatives

OWN_POLICY = re.compile(r"RolePolicy\d+$")
MANAGED = {
    "AWSLambdaBasicExecutionRole": ("", "Lambda writes the function's log lines"),
    "AWSXrayWriteOnlyAccess": ("", "the platform's X-Ray daemon sends the traces"),
    "AWSLambdaSQSQueueExecutionRole": ("SQS", "Lambda's poller empties the function's queue"),
    "AWSLambdaDynamoDBExecutionRole": ("DynamoDB", "Lambda's poller reads the table's stream"),
}
"""AWS's own policies that SAM attaches: the event source they are for, and who needs them."""

DEAD_LETTERS = "Lambda sends what a stream's function gives up to its dead letters"


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One action on one resource that a function's own policy allows."""

    function: str
    action: str
    resource: str


@dataclass(frozen=True, slots=True, order=True)
class PlatformGrant:
    """What a role allows for the platform's sake; *reason* is empty where there is none."""

    function: str
    name: str
    reason: str


def granted(system: System) -> tuple[list[Grant], list[PlatformGrant]]:
    """Return what the functions' policies allow, and what SAM added for the platform."""
    own: list[Grant] = []
    platform: list[PlatformGrant] = []
    for function, (service, logical_id) in system.functions().items():
        role = system.translated[service]["Resources"][f"{logical_id}Role"]["Properties"]
        properties = system.templates[service]["Resources"][logical_id]["Properties"]
        events = list(properties.get("Events", {}).values())
        dead_letters = _destinations(system, service, events)
        for policy in alternatives(role.get("Policies", [])):
            allowed = list(_grants(system, function, service, policy["PolicyDocument"]))
            if OWN_POLICY.search(policy["PolicyName"]):
                own += allowed
                continue
            for grant in allowed:  # SAM's, for what a stream's function gives up
                known = grant.action == "sqs:SendMessage" and grant.resource in dead_letters
                name = f"{policy['PolicyName']}: {grant.action}"
                platform.append(PlatformGrant(function, name, DEAD_LETTERS if known else ""))
        for arn in role.get("ManagedPolicyArns", []):
            name = str(arn).rpartition("/")[2]
            source, reason = MANAGED.get(name, ("?", ""))
            needed = not source or any(event["Type"] == source for event in events)
            platform.append(PlatformGrant(function, name, reason if needed else ""))
    return sorted(own), sorted(platform)


def _grants(
    system: System, function: str, service: str, document: Mapping[str, Any]
) -> Iterator[Grant]:
    for statement in _listed(document["Statement"]):
        if statement["Effect"] != "Allow":
            continue
        for action in _listed(statement["Action"]):
            for resource in _listed(statement["Resource"]):
                yield Grant(function, action, system.value(service, resource))


def _destinations(system: System, service: str, events: list[dict[str, Any]]) -> set[str]:
    return {
        system.value(service, event["Properties"]["DestinationConfig"]["OnFailure"]["Destination"])
        for event in events
        if "DestinationConfig" in event["Properties"]
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
