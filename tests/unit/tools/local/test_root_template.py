"""The root template: what the services and the local front door rely on."""

import json
import re
from typing import Any

import botocore.session
import pytest

from shared.platform.http.envelope import SECURITY_HEADERS
from tools.check.project import stack_name
from tools.local.edge import ERROR_SECONDS, KEPT_ERRORS, read_edge
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
    # By its version: a rotation changes the distribution, and with it what it sends.
    assert "${OriginVerifySecret}:SecretString:::${OriginHashes.Version}" in secret
    given = [properties["Parameters"]["OriginVerifyHashes"] for properties in SERVICES.values()]
    assert given == [{"Fn::GetAtt": ["OriginHashes", "Hashes"]}] * len(SERVICES)
    assert "OriginVerifySecret" not in str(SERVICES)  # no service is told the secret itself


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
    assert {"Authorization", "X-Api-Key", "Accept"} <= set(key["HeadersConfig"]["Headers"])
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    for behaviour in BEHAVIOURS:
        assert behaviour["CachePolicyId"] == {"Ref": "CachePolicy"}
        assert set(behaviour["AllowedMethods"]) >= {"GET", "POST", "PUT", "PATCH", "DELETE"}
        assert behaviour["ViewerProtocolPolicy"] == "https-only"


def kept_errors(config: dict[str, Any]) -> set[int]:
    """The errors that a distribution keeps and shows to others, whatever their answers say."""
    told = {
        each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in config["CustomErrorResponses"]
    }
    return {status for status in KEPT_ERRORS if told.get(status, ERROR_SECONDS) > 0}


def test_no_error_is_kept_for_others() -> None:
    assert {500, 502, 503, 504} <= set(KEPT_ERRORS)
    assert kept_errors(CONFIG) == set()


@pytest.mark.parametrize("status", KEPT_ERRORS)
def test_an_error_that_is_kept_is_noticed(status: int) -> None:
    told = CONFIG["CustomErrorResponses"]
    without = [each for each in told if each["ErrorCode"] != status]
    longer = [*without, {"ErrorCode": status, "ErrorCachingMinTTL": 1}]
    for planted in (without, longer):
        assert kept_errors(CONFIG | {"CustomErrorResponses": planted}) == {status}


def test_the_front_door_compresses_nothing() -> None:
    """It would weaken entity tags, which If-Match compares strongly, and pack secrets."""
    assert [each["Compress"] for each in BEHAVIOURS] == [False] * len(BEHAVIOURS)
    key = RESOURCES["CachePolicy"]["Properties"]["CachePolicyConfig"]
    asked = key["ParametersInCacheKeyAndForwardedToOrigin"]
    assert asked["EnableAcceptEncodingGzip"] is True  # what a function packs is kept apart
    assert asked["EnableAcceptEncodingBrotli"] is False


@pytest.mark.row("SEC-08")
def test_what_no_function_answered_has_the_functions_security_headers() -> None:
    policy = RESOURCES["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    found = read_edge(
        {},
        cache_policy={"ParametersInCacheKeyAndForwardedToOrigin": {"HeadersConfig": {}}},
        headers_policy=policy,
        acl=None,
    )
    assert set(found.headers) == set(SECURITY_HEADERS)
    assert not any(each["Override"] for each in policy["SecurityHeadersConfig"].values())
    assert "CorsConfig" not in policy  # the gateway's alone
    for behaviour in BEHAVIOURS:
        assert behaviour["ResponseHeadersPolicyId"] == {"Ref": "SecurityHeaders"}


@pytest.mark.parametrize(
    ("arn", "fits"),
    [
        ("", True),
        ("arn:aws:acm:us-east-1:123456789012:certificate/1a2b-3c", True),
        ("arn:aws:acm:eu-central-1:123456789012:certificate/1a2b-3c", False),
        ("1a2b-3c", False),
    ],
)
def test_a_certificate_of_another_region_is_refused_before_anything_is_made(
    arn: str, fits: bool
) -> None:
    pattern = ROOT["Parameters"]["FrontDoorCertificateArn"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, arn)) is fits


def test_viewers_speak_tls_1_2_at_least_and_production_cannot_do_without() -> None:
    _, own, shared = CONFIG["ViewerCertificate"]["Fn::If"]
    assert own["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert shared == {"CloudFrontDefaultCertificate": True}  # takes TLS 1.0, and cannot be told
    rule = ROOT["Rules"]["TlsOfProduction"]
    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "Environment"}, "production"]}
    needs = {"Fn::Not": [{"Fn::Equals": [{"Ref": "FrontDoorDomain"}, ""]}]}
    assert [each["Assert"] for each in rule["Assertions"]] == [needs]
    for origin in CONFIG["Origins"]:
        assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]


def test_one_parameter_limits_an_address_over_everything() -> None:
    acl = RESOURCES["RateRule"]["Properties"]
    rule = read_edge(
        {},
        cache_policy={"ParametersInCacheKeyAndForwardedToOrigin": {"HeadersConfig": {}}},
        headers_policy={},
        acl=json.loads(json.dumps(acl).replace('{"Ref": "RequestsPerAddress"}', "100")),
    ).rate
    assert rule is not None
    assert (rule.limit, rule.seconds, rule.answer.status) == (100, 300.0, 429)
    assert json.loads(rule.answer.body)["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    assert (b"retry-after", b"300") in rule.answer.headers
    assert RESOURCES["RateRule"]["Condition"] == "HasRateRule"


def test_waf_still_cannot_count_a_network_of_ipv6_as_one_address() -> None:
    """If this fails AWS has learnt something new: see "Rate limits" in docs/systems.md."""
    waf = botocore.session.get_session().get_service_model("wafv2")
    custom: Any = waf.shape_for("RateBasedStatementCustomKey")
    assert set(custom.members) == {
        "ASN", "Cookie", "ForwardedIP", "HTTPMethod", "Header", "IP", "JA3Fingerprint",
        "JA4Fingerprint", "LabelNamespace", "QueryArgument", "QueryString", "UriPath",
    }  # fmt: skip
    for by_address in ("IP", "ForwardedIP"):
        assert custom.members[by_address].members == {}
