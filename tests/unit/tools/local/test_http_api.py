"""The expansion of HTTP APIs, from the document SAM itself writes."""

from pathlib import Path
from typing import Any

import pytest

from tools.local.http_api import RESOURCE_LIMIT, expand_http_apis
from tools.local.translate import translate


def _function(events: dict[str, Any], **extra: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "handler.handler",
            "CodeUri": "s3://bucket/code.zip",
            "Events": events,
        },
        **extra,
    }


def _event(path: str, method: str, **properties: Any) -> dict[str, Any]:
    api = {"ApiId": {"Ref": "Api"}, "Path": path, "Method": method}
    return {"Type": "HttpApi", "Properties": {**api, **properties}}


TEMPLATE: dict[str, Any] = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Parameters": {
        "AuthorizerFunctionArn": {"Type": "String", "Default": ""},
        "Wide": {"Type": "String", "Default": ""},
    },
    "Conditions": {"IsWide": {"Fn::Equals": [{"Ref": "Wide"}, "yes"]}},
    "Resources": {
        "Api": {
            "Type": "AWS::Serverless::HttpApi",
            "Properties": {
                "CorsConfiguration": {"AllowOrigins": ["https://shop.example"]},
                "Auth": {
                    "DefaultAuthorizer": "Bearer",
                    "Authorizers": {
                        "Bearer": {
                            "FunctionArn": {"Ref": "AuthorizerFunctionArn"},
                            "AuthorizerPayloadFormatVersion": "2.0",
                            "EnableSimpleResponses": True,
                            "Identity": {"ReauthorizeEvery": 0},
                        },
                    },
                },
            },
        },
        "GetFunction": _function(
            {
                "Get": _event("/orders/{id}", "GET"),
                "Log": _event("/login", "POST", Auth={"Authorizer": "NONE"}),
            }
        ),
        "AnyFunction": _function({"Any": _event("/any", "ANY")}),
        "WideFunction": _function({"Get": _event("/wide", "GET")}, Condition="IsWide"),
    },
}


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = translate(TEMPLATE, tmp_path_factory.mktemp("cache"))["Resources"]
    return found


def _of(resources: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource
        for name, resource in resources.items()
        if resource["Type"] == f"AWS::ApiGatewayV2::{kind}"
    }


def _routes(resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        resource["Properties"]["RouteKey"]: resource
        for resource in _of(resources, "Route").values()
    }


def test_every_operation_becomes_a_route(resources: dict[str, Any]) -> None:
    assert set(_routes(resources)) == {
        "GET /orders/{id}",
        "POST /login",
        "ANY /any",
        "GET /wide",
    }


def test_a_route_points_to_an_integration_with_its_function(resources: dict[str, Any]) -> None:
    target = _routes(resources)["GET /orders/{id}"]["Properties"]["Target"]["Fn::Sub"]
    integration = resources[target.removeprefix("integrations/${").removesuffix("}")]
    properties = integration["Properties"]
    assert properties["IntegrationType"] == "AWS_PROXY"
    assert properties["PayloadFormatVersion"] == "2.0"
    assert "${GetFunction.Arn}" in properties["IntegrationUri"]["Fn::Sub"]
    assert properties["ApiId"] == {"Ref": "Api"}


def test_the_default_authorizer_guards_all_but_the_public_routes(
    resources: dict[str, Any],
) -> None:
    (authorizer,) = _of(resources, "Authorizer")
    for key, route in _routes(resources).items():
        expected: dict[str, Any] = (
            {"AuthorizationType": "NONE"}
            if key == "POST /login"
            else {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": authorizer}}
        )
        assert expected.items() <= route["Properties"].items(), key


def test_the_authorizer_keeps_its_settings(resources: dict[str, Any]) -> None:
    (authorizer,) = _of(resources, "Authorizer").values()
    properties = authorizer["Properties"]
    assert properties["AuthorizerType"] == "REQUEST"
    assert properties["EnableSimpleResponses"] is True
    assert properties["AuthorizerPayloadFormatVersion"] == "2.0"
    assert properties["AuthorizerResultTtlInSeconds"] == 0
    assert properties["IdentitySource"] == []
    # The parameter is passed on, not its default value put in its place.
    assert "AuthorizerFunctionArn" in str(properties["AuthorizerUri"])


def test_a_conditional_function_gives_conditional_resources(resources: dict[str, Any]) -> None:
    route = _routes(resources)["GET /wide"]
    assert route["Condition"] == "IsWide"
    target = route["Properties"]["Target"]["Fn::Sub"]
    assert resources[target.removeprefix("integrations/${").removesuffix("}")]["Condition"] == (
        "IsWide"
    )
    assert "Condition" not in _routes(resources)["ANY /any"]


def test_the_api_keeps_cors_and_loses_its_body(resources: dict[str, Any]) -> None:
    properties = resources["Api"]["Properties"]
    assert "Body" not in properties
    assert properties["ProtocolType"] == "HTTP"
    assert properties["CorsConfiguration"]["allowOrigins"] == ["https://shop.example"]


def test_scopes_and_jwt_authorizers() -> None:
    issuer = {"issuer": "https://id.example", "audience": ["shop"]}
    scheme = {
        "x-amazon-apigateway-authorizer": {
            "type": "jwt",
            "identitySource": "$request.header.Authorization",
            "jwtConfiguration": issuer,
        }
    }
    operation = {
        "x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": "arn:f"},
        "security": [{"Jwt": ["orders:read"]}],
    }
    body = {
        "info": {"title": "api"},
        "components": {"securitySchemes": {"Jwt": scheme, "Iam": {}}},
        "paths": {"$default": {"x-amazon-apigateway-any-method": operation}},
    }
    template = {
        "Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}}
    }
    expanded = expand_http_apis(template)["Resources"]
    (authorizer,) = _of(expanded, "Authorizer").values()
    assert authorizer["Properties"]["JwtConfiguration"] == {
        "Issuer": "https://id.example",
        "Audience": ["shop"],
    }
    assert authorizer["Properties"]["IdentitySource"] == ["$request.header.Authorization"]
    route = _routes(expanded)["$default"]["Properties"]
    assert route["AuthorizationType"] == "JWT"
    assert route["AuthorizationScopes"] == ["orders:read"]
    assert "Body" in template["Resources"]["Api"]["Properties"]  # the argument is left alone


def test_a_condition_with_an_else_is_refused() -> None:
    integration = {"type": "aws_proxy", "uri": {"Fn::If": ["C", "arn:f", "arn:g"]}}
    body = {
        "info": {"title": "api"},
        "paths": {"/x": {"get": {"x-amazon-apigateway-integration": integration}}},
    }
    template = {
        "Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}}
    }
    with pytest.raises(ValueError, match="Fn::If C"):
        expand_http_apis(template)


def test_permissions_go_only_when_there_are_too_many_resources() -> None:
    permission = {"Type": "AWS::Lambda::Permission", "Properties": {}}
    queue = {"Type": "AWS::SQS::Queue", "Properties": {}}
    small = {"Resources": {"P": permission, "Q": queue}}
    assert set(expand_http_apis(small)["Resources"]) == {"P", "Q"}
    large = {"Resources": {"P": permission} | {f"Q{n}": queue for n in range(RESOURCE_LIMIT)}}
    assert "P" not in expand_http_apis(large)["Resources"]


def test_an_unchanged_template_is_translated_once(tmp_path: Path) -> None:
    first = translate(TEMPLATE, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_text('{"Resources": {"Kept": {}}}', "utf-8")
    assert set(translate(TEMPLATE, tmp_path)["Resources"]) == {"Kept"}
    assert "Kept" not in first["Resources"]
    changed = {**TEMPLATE, "Description": "changed"}
    assert "Kept" not in translate(changed, tmp_path)["Resources"]
