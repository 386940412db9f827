"""What pages may read and send is what the API sends and reads: derived from both sides."""

import ast
import json
from pathlib import Path

import pytest

from tools.check.project import ROOT, template_paths
from tools.local.templates import load_template
from tools.templates.edge import EXPOSED, METHODS, TAKEN

SAFE = {
    "cache-control", "content-language", "content-length", "content-type", "expires",
    "last-modified", "pragma",
}  # fmt: skip
"""What any page may read (Fetch, CORS-safelisted response-header names)."""

THE_BROWSERS = {
    "content-encoding", "content-security-policy", "referrer-policy", "strict-transport-security",
    "set-cookie", "vary", "x-content-type-options", "x-frame-options",
}  # fmt: skip
"""What browsers heed; a script has no use for it."""


def _sent(tree: ast.AST) -> set[str]:
    """The names of headers in a module: first of a pair of bytes, or key beside other names."""
    pairs = {
        element.elts[0].value.decode()
        for element in ast.walk(tree)
        if isinstance(element, ast.Tuple) and len(element.elts) == 2
        if isinstance(element.elts[0], ast.Constant) and isinstance(element.elts[0].value, bytes)
    }
    keys = {
        key.value
        for each in ast.walk(tree)
        if isinstance(each, ast.Dict)
        for key in each.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    return pairs | {key for key in keys if key in _KNOWN or "ratelimit" in key}


_KNOWN = {"etag", "location", "cache-control", "allow", "retry-after", "www-authenticate"}


def sent() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "shared").rglob("*.py"):
        if "http" in path.parts or "rate_limits" in path.parts:
            found |= _sent(ast.parse(path.read_text("utf-8")))
    answers = json.loads((ROOT / "tests/golden/answers.json").read_text("utf-8"))
    return found | {name for each in answers.values() for name in each.get("headers", {})}


@pytest.mark.row("SEC-08")
def test_a_page_may_read_what_is_sent_and_nothing_else_is_named() -> None:
    names = {name for name in sent() if name not in ("content-type", "accept")}
    assert set(EXPOSED) == names - SAFE - THE_BROWSERS


def test_a_header_that_nobody_exposed_is_noticed() -> None:
    assert _sent(ast.parse('found = [(b"x-new", value), (b"etag", tag)]')) == {"x-new", "etag"}


def test_a_page_may_send_every_header_that_an_operation_takes() -> None:
    golden = json.loads((ROOT / "tests/golden/openapi.json").read_text("utf-8"))
    wanted = {"authorization", "content-type", "idempotency-key"} | _header_parameters(golden)
    assert wanted <= set(TAKEN)
    assert {"if-match"} <= wanted


def _header_parameters(node: object) -> set[str]:
    match node:
        case {"in": "header", "name": str(name)}:
            return {name.lower()}
        case dict():
            return {name for each in node.values() for name in _header_parameters(each)}
        case list():
            return {name for each in node for name in _header_parameters(each)}
    return set()


APIS = {
    path.parent.name: api["Properties"]
    for path in template_paths()
    for api in load_template(path)["Resources"].values()
    if api["Type"] == "AWS::Serverless::HttpApi"
}


@pytest.mark.parametrize("name", APIS)
def test_an_api_lets_pages_in_by_the_parameter_alone(name: str) -> None:
    condition, cors, otherwise = APIS[name]["CorsConfiguration"]["Fn::If"]
    assert (condition, otherwise) == ("HasCors", {"Ref": "AWS::NoValue"})
    assert cors["AllowOrigins"] == {"Fn::Split": [",", {"Ref": "CorsOrigins"}]}
    assert cors["AllowMethods"] == [*METHODS]
    assert cors["ExposeHeaders"] == [*EXPOSED]
    assert cors["AllowHeaders"] == [*TAKEN]
    assert cors["AllowCredentials"] is True
    assert "*" not in str(cors)  # which no browser would take with credentials


@pytest.mark.parametrize("name", APIS)
def test_an_authorizer_is_asked_about_every_request_and_each_time(name: str) -> None:
    """With an identity source the gateway would answer 401 itself to who comes by a cookie."""
    if name == "gateway":  # it asks nobody who is calling
        return
    (authorizer,) = APIS[name]["Auth"]["Authorizers"].values()
    assert authorizer["Identity"] == {"ReauthorizeEvery": 0}


def test_nothing_that_is_kept_at_the_edge_is_kept_by_a_cookie() -> None:
    """And what may be kept there depends on none (`tests/authorization/test_matrix.py`)."""
    policy = load_template(ROOT / "template.yaml")["Resources"]["CachePolicy"]["Properties"]
    kept = policy["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
    assert kept["CookiesConfig"] == {"CookieBehavior": "none"}
    assert policy["CachePolicyConfig"]["DefaultTTL"] == policy["CachePolicyConfig"]["MinTTL"] == 0


@pytest.mark.parametrize("name", APIS)
def test_an_api_has_limits_and_an_access_log(name: str) -> None:
    limits = APIS[name]["DefaultRouteSettings"]
    assert limits["ThrottlingRateLimit"] == {"Ref": "ApiRateLimit"}
    assert limits["ThrottlingBurstLimit"] == {"Ref": "ApiBurstLimit"}
    log = APIS[name]["AccessLogSettings"]
    assert log["DestinationArn"] == {"Fn::GetAtt": ["ApiAccessLog", "Arn"]}
    line = json.loads(log["Format"])
    assert {"request_id", "path", "status", "error", "authorizer_error"} <= line.keys()
    assert "querystring" not in log["Format"].lower()  # what is asked for may be personal


def test_there_are_apis_to_look_at() -> None:
    assert len(APIS) >= 9
    assert Path(ROOT / "template.yaml").exists()
