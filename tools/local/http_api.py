"""Turn the OpenAPI document that SAM writes for an HTTP API into explicit resources.

AWS reads routes, integrations and authorizers out of the `Body` of an `AWS::ApiGatewayV2::Api`;
MiniStack ignores it. The expansion says the same with one resource each.
"""

import copy
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from tools.local.templates import Template

ANY_METHOD = "x-amazon-apigateway-any-method"
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", ANY_METHOD})
NO_VALUE = {"Ref": "AWS::NoValue"}
RESOURCE_LIMIT = 500  # CloudFormation's; MiniStack enforces it too


def expand_http_apis(template: Template) -> Template:
    """Return *template* with each HTTP API's `Body` replaced by explicit resources.

    A template that passes CloudFormation's resource limit by this loses its
    `AWS::Lambda::Permission` resources, which nothing checks locally.
    """
    expanded = copy.deepcopy(template)
    resources = expanded["Resources"]
    for logical_id, resource in list(resources.items()):
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and "Body" in resource["Properties"]:
            resources |= _Expansion(logical_id, resource).run()
    if len(resources) > RESOURCE_LIMIT:
        expanded["Resources"] = {
            name: resource
            for name, resource in resources.items()
            if resource["Type"] != "AWS::Lambda::Permission"
        }
    return expanded


@dataclass(slots=True)
class _Expansion:
    api_id: str
    api: dict[str, Any]
    resources: Template = field(default_factory=dict)

    def run(self) -> Template:
        properties = self.api["Properties"]
        body = properties.pop("Body")
        properties.pop("FailOnWarnings", None)
        properties.setdefault("Name", body["info"]["title"])
        properties["ProtocolType"] = "HTTP"
        properties["Tags"] = {
            tag["name"]: tag["x-amazon-apigateway-tag-value"] for tag in body.get("tags", [])
        }
        if cors := body.get("x-amazon-apigateway-cors"):
            # CloudFormation has it in PascalCase; MiniStack stores it as it comes and reads this.
            properties["CorsConfiguration"] = cors
        schemes = body.get("components", {}).get("securitySchemes", {})
        authorization = {name: self._authorizer(name, scheme) for name, scheme in schemes.items()}
        authorization["NONE"] = {"AuthorizationType": "NONE"}
        for path, conditional_item in body.get("paths", {}).items():
            item, condition = _unwrap(conditional_item, None)
            for method in sorted(METHODS & item.keys()):
                self._route(path, method, _unwrap(item[method], condition), authorization)
        return self.resources

    def _authorizer(self, name: str, scheme: dict[str, Any]) -> dict[str, Any]:
        declared = scheme.get("x-amazon-apigateway-authorizer")
        if declared is None:
            return {"AuthorizationType": "AWS_IAM"}
        source = declared.get("identitySource", [])
        properties: dict[str, Any] = {
            "Name": name,
            "AuthorizerType": declared["type"].upper(),
            "IdentitySource": [source] if isinstance(source, str) else source,
        }
        kind = "JWT" if declared["type"] == "jwt" else "CUSTOM"
        if kind == "JWT":
            jwt = declared["jwtConfiguration"]
            properties["JwtConfiguration"] = {
                "Issuer": jwt["issuer"],
                "Audience": jwt.get("audience", []),
            }
        else:
            properties |= {
                key[0].upper() + key[1:]: value
                for key, value in declared.items()
                if key not in ("type", "identitySource")
            }
        plain_name = "".join(filter(str.isalnum, name))
        logical_id = self._add(f"Authorizer{plain_name}", "Authorizer", properties, None)
        return {"AuthorizationType": kind, "AuthorizerId": {"Ref": logical_id}}

    def _route(
        self,
        path: str,
        method: str,
        conditional_operation: tuple[dict[str, Any], str | None],
        authorization: dict[str, dict[str, Any]],
    ) -> None:
        operation, condition = conditional_operation
        declared = operation["x-amazon-apigateway-integration"]
        uri, condition = _unwrap(declared["uri"], condition)
        properties = {
            "IntegrationType": declared["type"].upper(),
            "IntegrationUri": uri,
            "PayloadFormatVersion": declared.get("payloadFormatVersion", "2.0"),
        }
        suffix = _digest(properties, condition)
        integration = self._add(f"Integration{suffix}", "Integration", properties, condition)
        verb = "ANY" if method == ANY_METHOD else method.upper()
        route_key = path if path == "$default" else f"{verb} {path}"
        requirement = (operation.get("security") or [{"NONE": []}])[0]
        scheme, scopes = next(iter(requirement.items()))
        route = {
            "RouteKey": route_key,
            "Target": {"Fn::Sub": f"integrations/${{{integration}}}"},
            **authorization[scheme],
        }
        if scopes:
            route["AuthorizationScopes"] = scopes
        self._add(f"Route{_digest(route_key)}", "Route", route, condition)

    def _add(
        self, suffix: str, kind: str, properties: dict[str, Any], condition: str | None
    ) -> str:
        logical_id = f"{self.api_id}{suffix}"
        resource = {
            "Type": f"AWS::ApiGatewayV2::{kind}",
            "Properties": {"ApiId": {"Ref": self.api_id}, **properties},
        }
        if condition := condition or self.api.get("Condition"):
            resource["Condition"] = condition
        self.resources[logical_id] = resource
        return logical_id


def _unwrap(node: Any, condition: str | None) -> tuple[Any, str | None]:
    """Take off the `Fn::If` that SAM puts around the path of a conditional function."""
    while isinstance(node, dict) and node.keys() == {"Fn::If"}:
        name, when_true, when_false = node["Fn::If"]
        if when_false != NO_VALUE or condition not in (None, name):
            raise ValueError(f"cannot expand Fn::If {name}: only one condition, without an else")
        node, condition = when_true, name
    return node, condition


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:10]
