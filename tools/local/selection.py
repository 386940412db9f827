"""Cut the root template down to some services, to start only what one works on."""

import copy
from collections.abc import Collection
from typing import Any

from tools.entry.names import known
from tools.local.templates import Template

APPLICATION = "AWS::Serverless::Application"


def select_services(root: Template, services: Collection[str]) -> Template:
    """Return *root* with only *services* (lower case names) and the front door's way to them.

    Parameters that would come from a service left out fall back to their defaults. The first
    service takes the front door's default if the gateway is left out.
    """
    template = copy.deepcopy(root)
    resources = template["Resources"]
    all_services = {
        logical_id.lower(): logical_id
        for logical_id, resource in resources.items()
        if resource["Type"] == APPLICATION
    }
    for name in services:
        known(name, all_services, "service")
    left_out = {all_services[name] for name in all_services.keys() - set(services)}
    for logical_id in left_out:
        del resources[logical_id]
    for logical_id in (all_services[name] for name in services):
        properties = resources[logical_id]["Properties"]
        properties["Parameters"] = {
            name: value
            for name, value in properties["Parameters"].items()
            if not _refers_to(value, left_out)
        }
    config = resources["FrontDoor"]["Properties"]["DistributionConfig"]
    config["Origins"] = [origin for origin in config["Origins"] if origin["Id"] in services]
    config["CacheBehaviors"] = [
        behaviour
        for behaviour in config["CacheBehaviors"]
        if behaviour["TargetOriginId"] in services
    ]
    default = config["DefaultCacheBehavior"]
    if default["TargetOriginId"] not in services:
        default["TargetOriginId"] = config["Origins"][0]["Id"]
    return template


def _refers_to(value: Any, logical_ids: set[str]) -> bool:
    match value:
        case {"Fn::GetAtt": [logical_id, _]}:
            return logical_id in logical_ids
    return False
