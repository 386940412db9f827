"""The root template: the services that it composes, and the front door's ways to them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tools.check.project import template_of
from tools.local.templates import Template, parse_template
from tools.templates.common import outputs
from tools.templates.completion import Wanted, complete, needless
from tools.templates.errors import TemplateError
from tools.templates.paths import patterns
from tools.templates.service import Service, camel

_NEWEST = "${OriginVerifySecret}:SecretString:::${OriginHashes.Version}"
_VERIFY = f'!Sub "{{{{resolve:secretsmanager:{_NEWEST}}}}}"'
_QUEUES = ("QueueArns", "DeadLetterArns", "RelayDeadLetters")
"""What operations is told of the queues of every context."""
_GIVEN = {
    "AlarmTopicArn": "!Ref AlarmTopic",
    "EventBusName": "!Ref EventBus",
    "AuthorizerFunctionArn": "!GetAtt Identity.Outputs.AuthorizerFunctionArn",
    "OriginVerifyHashes": "!GetAtt OriginHashes.Hashes",
    "GradualDeployment": '!If [DeploysGradually, "true", "false"]',
}
"""What the root gives a service that has a parameter of this name."""

_ORIGIN = """
- Id: {service}
  DomainName: !Select [2, !Split ["/", !GetAtt {application}.Outputs.ApiEndpoint]]
  CustomOriginConfig:
    OriginProtocolPolicy: https-only
    OriginSSLProtocols: [TLSv1.2]
  OriginCustomHeaders:
    - HeaderName: X-Origin-Verify
      HeaderValue: {verify}
"""
_BEHAVIOUR = """
- PathPattern: {pattern}
  TargetOriginId: {service}
  ViewerProtocolPolicy: https-only
  AllowedMethods: [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE]
  CachePolicyId: !Ref CachePolicy
  OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac # managed: AllViewerExceptHostHeader
  ResponseHeadersPolicyId: !Ref SecurityHeaders
  Compress: false
  FunctionAssociations:
    - EventType: viewer-request
      FunctionARN: !GetAtt ViewerAddressFunction.FunctionARN
"""


def complete_root(hand: str, services: Mapping[str, Service], templates: Mapping[str, str]) -> str:
    """Return the root's whole template; *templates* are the services' whole texts."""
    root = parse_template(hand)
    parsed = {name: parse_template(text) for name, text in templates.items()}
    given = {name: _parameters(name, parsed, root, services) for name in parsed}
    wanted: Wanted = {
        **{camel(name): _application(services[name], each) for name, each in given.items()},
        "FrontDoor": _front_door(root, services),
    }
    repeated = needless(hand, {"Resources": wanted})
    if names := [each for each in repeated if not each.endswith(("/Type", "/Location"))]:
        raise TemplateError(f"written by hand though it follows: {', '.join(names)}")
    return complete(hand, {"Resources": wanted})


def _application(service: Service, parameters: Wanted) -> Wanted:
    location = template_of(service.name, service.part, Path()).as_posix()
    return {
        "Type": "Type: AWS::Serverless::Application",
        "Properties": {
            "Location": f"Location: {location}",
            "Parameters": parameters,
        },
    }


def _parameters(
    name: str, templates: Mapping[str, Template], root: Template, services: Mapping[str, Service]
) -> Wanted:
    resource = root["Resources"].get(camel(name), {})
    by_hand = resource.get("Properties", {}).get("Parameters", {})
    known = _values(root, services)
    if first := services[name].first:
        outputs = templates[first.stack].get("Outputs", {})
        known = _outputs(camel(first.stack), outputs) | known
    given = {}
    for parameter, declared in templates[name]["Parameters"].items():
        if value := known.get(parameter):
            given[parameter] = f"{parameter}: {value}"
        elif "Default" not in declared and parameter not in by_hand:
            raise TemplateError(f"it has no {parameter} for {name}: write it under {camel(name)}")
    return given


def _front_door(root: Template, services: Mapping[str, Service]) -> Wanted:
    distribution = root["Resources"]["FrontDoor"]["Properties"]["DistributionConfig"]
    default = distribution["DefaultCacheBehavior"]["TargetOriginId"]
    routes = {name: service.routes for name, service in services.items() if service.has_api}
    behaviours = (_behaviour(*each) for each in patterns(routes, default).items())
    return {
        "Properties": {
            "DistributionConfig": {
                "Origins": f"Origins:\n{_listed(_origin(name) for name in routes)}",
                "CacheBehaviors": f"CacheBehaviors:\n{_listed(behaviours)}",
            }
        }
    }


def _outputs(application: str, names: Iterable[str]) -> dict[str, str]:
    """What a context's first stack gives out, its table for one, the second takes by its name."""
    return {name: f"!GetAtt {application}.Outputs.{name}" for name in names}


def _values(root: Template, services: Mapping[str, Service]) -> dict[str, str]:
    tables = {
        f"{camel(name)}TableName": f"!GetAtt {camel(name)}.Outputs.TableName"
        for name, service in services.items()
        if service.has_table
    }
    queues = {
        f"{camel(name)}{output}": f"!GetAtt {camel(name)}.Outputs.{output}"
        for name, service in services.items()
        for output in outputs(service)
        if output in _QUEUES
    }
    own: dict[str, Any] = root["Parameters"]
    return {**tables, **queues, **{each: f"!Ref {each}" for each in own}, **_GIVEN}


def _origin(service: str) -> str:
    return _ORIGIN.format(service=service, application=camel(service), verify=_VERIFY)


def _behaviour(pattern: str, service: str) -> str:
    return _BEHAVIOUR.format(pattern=pattern, service=service)


def _listed(items: Iterable[str]) -> str:
    return "\n".join(f"  {line}" for item in items for line in item.strip().splitlines())
