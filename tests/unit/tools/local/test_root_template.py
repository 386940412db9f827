"""The root template: what the services and the local front door rely on."""

import re
from typing import Any

from tools.check.project import stack_name
from tools.local.front_door import VIEWER_ADDRESS
from tools.local.options import PROJECT_ROOT
from tools.local.templates import load_template

ROOT = load_template(PROJECT_ROOT / "template.yaml")
RESOURCES: dict[str, Any] = ROOT["Resources"]
CONFIG: dict[str, Any] = RESOURCES["FrontDoor"]["Properties"]["DistributionConfig"]
SERVICES = {
    name: resource["Properties"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::Serverless::Application"
}
BEHAVIOURS = [*CONFIG["CacheBehaviors"], CONFIG["DefaultCacheBehavior"]]


def test_every_service_has_an_origin_and_a_behaviour() -> None:
    """Except for those that nobody calls over HTTP."""
    names = {
        stack_name(path)
        for path in (PROJECT_ROOT / properties["Location"] for properties in SERVICES.values())
        if "ApiEndpoint" in load_template(path)["Outputs"]
    }
    assert len(names) >= 7
    assert {origin["Id"] for origin in CONFIG["Origins"]} == names
    assert {behaviour["TargetOriginId"] for behaviour in BEHAVIOURS} == names


def _declared(properties: dict[str, Any]) -> set[str]:
    return set(load_template(PROJECT_ROOT / properties["Location"])["Parameters"])


def test_every_service_is_given_only_parameters_it_has() -> None:
    for name, properties in SERVICES.items():
        assert set(properties["Parameters"]) <= _declared(properties), name


def test_a_parameter_that_several_services_share_is_given_to_all_that_have_it() -> None:
    shared = {name for properties in SERVICES.values() for name in properties["Parameters"]}
    for name, properties in SERVICES.items():
        assert _declared(properties) & shared <= set(properties["Parameters"]), name


def test_every_origin_sends_the_secret_that_the_services_check() -> None:
    (secret,) = {
        str(origin["OriginCustomHeaders"]) for origin in CONFIG["Origins"]
    }  # the same for all
    assert "X-Origin-Verify" in secret
    assert "${OriginVerifySecret}" in secret
    given = [
        properties["Parameters"]["OriginVerifySecret"]
        for properties in SERVICES.values()
        if "OriginVerifySecret" in properties["Parameters"]
    ]
    assert given
    for value in given:
        assert value == {"Fn::Sub": "{{resolve:secretsmanager:${OriginVerifySecret}}}"}


def test_every_behaviour_tells_the_viewers_address_in_the_header_the_local_front_door_uses() -> (
    None
):
    code = RESOURCES["ViewerAddressFunction"]["Properties"]["FunctionCode"]
    assert re.findall(r"headers\['([^']+)'\]", code) == [VIEWER_ADDRESS]
    for behaviour in BEHAVIOURS:
        (association,) = behaviour["FunctionAssociations"]
        assert association["EventType"] == "viewer-request"
        assert association["FunctionARN"] == {
            "Fn::GetAtt": ["ViewerAddressFunction", "FunctionARN"]
        }


def test_nothing_is_cached_unless_the_origin_says_so_and_never_across_credentials() -> None:
    policy = RESOURCES["CachePolicy"]["Properties"]["CachePolicyConfig"]
    assert policy["MinTTL"] == 0
    assert policy["DefaultTTL"] == 0
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert {"Authorization", "Accept"} <= set(key["HeadersConfig"]["Headers"])
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    for behaviour in BEHAVIOURS:
        assert behaviour["CachePolicyId"] == {"Ref": "CachePolicy"}
        assert set(behaviour["AllowedMethods"]) >= {"GET", "POST", "PUT", "PATCH", "DELETE"}
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
