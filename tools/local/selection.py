"""Cut the root template down to some services, to start only what one works on."""

import copy
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any

from tools.entry.names import known
from tools.local.templates import Template

APPLICATION = "AWS::Serverless::Application"


def contexts_of(root: Template) -> dict[str, str]:
    """Return the context of each stack that *root* composes, by logical id: its folder's name."""
    return {
        logical_id: PurePosixPath(resource["Properties"]["Location"]).parent.name
        for logical_id, resource in root["Resources"].items()
        if resource["Type"] == APPLICATION
    }


def select_services(root: Template, services: Collection[str]) -> Template:
    """Return *root* with only *services*, all stacks of each, and the front door's way to them.

    Parameters that would come from a service left out fall back to their defaults. The first
    service takes the front door's default if the gateway is left out.
    """
    template = copy.deepcopy(root)
    resources = template["Resources"]
    contexts = contexts_of(root)
    for name in services:
        known(name, set(contexts.values()), "service")
    left_out = {each for each, context in contexts.items() if context not in services}
    for logical_id in left_out:
        del resources[logical_id]
    kept = contexts.keys() - left_out
    for logical_id in kept:
        properties = resources[logical_id]["Properties"]
        properties["Parameters"] = {
            name: value
            for name, value in properties["Parameters"].items()
            if not _refers_to(value, left_out)
        }
    ways = {logical_id.lower() for logical_id in kept}
    config = resources["FrontDoor"]["Properties"]["DistributionConfig"]
    config["Origins"] = [each for each in config["Origins"] if _application(each["Id"]) in ways]
    config["CacheBehaviors"] = [
        behaviour
        for behaviour in config["CacheBehaviors"]
        if _application(behaviour["TargetOriginId"]) in ways
    ]
    default = config["DefaultCacheBehavior"]
    if _application(default["TargetOriginId"]) not in ways:
        default["TargetOriginId"] = config["Origins"][0]["Id"]
    return template


def _application(origin: str) -> str:
    """Return the application that an origin is named after, as logical ids have it but small."""
    return origin.replace("_", "")


def _refers_to(value: Any, logical_ids: set[str]) -> bool:
    match value:
        case {"Fn::GetAtt": [logical_id, _]}:
            return logical_id in logical_ids
    return False
