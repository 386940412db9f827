"""What every service has: parameters, settings of all functions, layers, API, outputs."""

import re
from collections.abc import Iterable
from textwrap import indent

from tools.templates import edge
from tools.templates.alarms import brakes
from tools.templates.completion import Wanted
from tools.templates.service import ALIAS, RELAY, Service

TIMEOUT = 10
_REFERRED = re.compile(r"!Ref (\w+)|\$\{(\w+)\}")
_PARAMETERS = {
    "Environment": """
Environment:
  Type: String
  Default: dev
  AllowedValues: [dev, test, staging, production]
""",
    "EventBusName": """
EventBusName:
  Type: String
  Default: default
  Description: The bus that carries every context's events.
""",
    "AuthorizerFunctionArn": """
AuthorizerFunctionArn:
  Type: String
  Description: The identity service's authorizer (its output AuthorizerFunctionArn).
""",
    "TableName": """
TableName:
  Type: String
  Description: The context's table, which its first stack has.
""",
    "TableArn": """
TableArn:
  Type: String
""",
    "PythonVersion": """
PythonVersion:
  Type: String
  Default: python3.13
  AllowedValues: [python3.11, python3.12, python3.13, python3.14]
""",
    "Architecture": """
Architecture:
  Type: String
  Default: arm64
  AllowedValues: [arm64, x86_64]
""",
    "LogLevel": """
LogLevel:
  Type: String
  Default: INFO
  AllowedValues: [DEBUG, INFO, WARNING, ERROR]
""",
    "LogRetentionDays": """
LogRetentionDays:
  Type: Number
  Default: 30
  AllowedValues: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653]
  Description: How long the functions' logs are kept.
""",
    "Release": """
Release:
  Type: String
  Default: dev
  Description: >-
    Which code this is, as `make build` writes it (version+commit.built); it is in log lines,
    traces and /health.
""",
    "RateLimitFactor": """
RateLimitFactor:
  Type: Number
  Default: 1
  MinValue: 1
  Description: >-
    Every rate limit times this, for environments where one client does the work of thousands.
""",
    "CorsOrigins": """
CorsOrigins:
  Type: String
  Default: ""
  AllowedPattern: '^$|^https?://[^\\s/*,]+(,https?://[^\\s/*,]+)*$'
  ConstraintDescription: Origins with commas between, such as https://shop.example, and never *.
  Description: The origins whose pages may call the API, with commas between; empty for none.
""",
    "ApiRateLimit": """
ApiRateLimit:
  Type: Number
  Default: 500
  MinValue: 1
  Description: How many requests a second the API takes over all; what is more gets 429.
""",
    "ApiBurstLimit": """
ApiBurstLimit:
  Type: Number
  Default: 1000
  MinValue: 1
  Description: How many requests at once the API takes over all.
""",
    "OriginVerifyHashes": """
OriginVerifyHashes:
  Type: String
  Default: ""
  Description: >-
    SHA-256, in base64url, of the secrets by which a request proves that it came through the front
    door, with a comma between; all others are refused. Empty where there is no front door.
""",
    "GradualDeployment": """
GradualDeployment:
  Type: String
  Default: "false"
  AllowedValues: ["true", "false"]
  Description: >-
    Whether traffic goes over to new versions little by little, and back when an alarm goes off.
""",
    "DeploymentType": """
DeploymentType:
  Type: String
  Default: Canary10Percent5Minutes
  AllowedValues:
    - Canary10Percent5Minutes
    - Canary10Percent10Minutes
    - Canary10Percent15Minutes
    - Canary10Percent30Minutes
    - Linear10PercentEvery1Minute
    - Linear10PercentEvery2Minutes
    - Linear10PercentEvery3Minutes
    - Linear10PercentEvery10Minutes
  Description: How traffic goes over with GradualDeployment.
""",
    "SnapStart": """
SnapStart:
  Type: String
  Default: None
  AllowedValues: [None, PublishedVersions]
  Description: >-
    PublishedVersions starts functions from snapshots, which are paid for by size and time.
""",
    "AlarmTopicArn": """
AlarmTopicArn:
  Type: String
  Default: ""
  Description: The SNS topic that hears of alarms; empty for none.
""",
    "Watching": """
Watching:
  Type: String
  Default: full
  AllowedValues: [full, none]
  Description: >-
    Whether there are alarms and dashboards, which are paid for by the month; always where traffic
    goes over little by little.
""",
}

_API = """
Api:
  Type: AWS::Serverless::HttpApi
  Properties:
{stage}
    Auth:
      DefaultAuthorizer: Tradewind
      Authorizers:
        Tradewind:
          FunctionArn: !Ref AuthorizerFunctionArn
          AuthorizerPayloadFormatVersion: "2.0"
          EnableSimpleResponses: true
          EnableFunctionDefaultPermissions: true
          Identity:
            ReauthorizeEvery: 0
"""
_SHARED_LAYER = """
{name}Layer:
  Type: AWS::Serverless::LayerVersion
  Properties:
    LayerName: !Sub ${{AWS::StackName}}-shared
    ContentUri: ../../shared
    CompatibleRuntimes: [!Ref PythonVersion]
    CompatibleArchitectures: [!Ref Architecture]
    RetentionPolicy: Delete
    PublishLambdaVersion: true
  Metadata:
    BuildMethod: makefile
"""
_PACKAGES_LAYER = """
{name}Layer:
  Type: AWS::Serverless::LayerVersion
  Properties:
    LayerName: !Sub ${{AWS::StackName}}-{folder}
    ContentUri: ../../layers/{folder}
    CompatibleRuntimes: [!Ref PythonVersion]
    CompatibleArchitectures: [!Ref Architecture]
    RetentionPolicy: Delete
    PublishLambdaVersion: true
  Metadata:
    BuildMethod: makefile
"""


def parameters(texts: Iterable[str]) -> Wanted:
    """Return the parameters that *texts*, the template's parts, refer to."""
    text = "\n".join(texts)
    referred = {name for found in _REFERRED.finditer(text) for name in found.groups() if name}
    return {name: entry for name, entry in _PARAMETERS.items() if name in referred}


def conditions(service: Service) -> Wanted:
    """Return the conditions that the alarms, the API and the table hang on."""
    found = {
        "HasAlarmTopic": 'HasAlarmTopic: !Not [!Equals [!Ref AlarmTopicArn, ""]]',
        "DeploysGradually": 'DeploysGradually: !Equals [!Ref GradualDeployment, "true"]',
        "IsWatched": "IsWatched: !Or [!Equals [!Ref Watching, full], !Condition DeploysGradually]",
    }
    if service.has_api:
        found["HasCors"] = 'HasCors: !Not [!Equals [!Ref CorsOrigins, ""]]'
    if service.has_table:
        found["IsProduction"] = "IsProduction: !Equals [!Ref Environment, production]"
    return found


def settings(service: Service) -> Wanted:
    """Return what all functions of a service have in common."""
    variables = {"ENVIRONMENT": "!Ref Environment", "SERVICE": service.name}
    if service.uses_table:
        table = "!Ref Table" if service.has_table else "!Ref TableName"
        variables |= {"TABLE_NAME": table, "EVENT_BUS_NAME": "!Ref EventBusName"}
    variables |= {
        "LOG_LEVEL": "!Ref LogLevel",
        "RELEASE": "!Ref Release",
        "POWERTOOLS_SERVICE_NAME": service.name,
        "POWERTOOLS_METRICS_NAMESPACE": "Tradewind",
    }
    if service.has_api:
        variables["ORIGIN_VERIFY_HASHES"] = "!Ref OriginVerifyHashes"
    layers = ", ".join(f"!Ref {name}Layer" for name in _layers(service))
    stops = ", ".join(brakes(service))
    return {
        "Function": {
            "Runtime": "Runtime: !Ref PythonVersion",
            "Architectures": "Architectures: [!Ref Architecture]",
            "Handler": "Handler: handler.handler",
            "MemorySize": "MemorySize: 1024",
            "Timeout": f"Timeout: {TIMEOUT}",
            "Tracing": "Tracing: Active",
            "Tags": {"release": "release: !Ref Release"},
            "Layers": f"Layers: [{layers}]",
            "AutoPublishAlias": f"AutoPublishAlias: {ALIAS}",
            "DeploymentPreference": {
                "Enabled": "Enabled: !Ref GradualDeployment",
                "Type": "Type: !Ref DeploymentType",
                "Alarms": f"Alarms: !If [DeploysGradually, [{stops}], [!Ref AWS::NoValue]]",
            },
            "SnapStart": {"ApplyOn": "ApplyOn: !Ref SnapStart"},
            "Environment": {
                "Variables": {name: f"{name}: {value}" for name, value in variables.items()}
            },
        }
    }


def resources(service: Service) -> Wanted:
    """Return the layers and the API."""
    found: dict[str, str] = {}
    for name in dict.fromkeys((*_layers(service), *service.layers)):
        text = _SHARED_LAYER if name.endswith("Shared") else _PACKAGES_LAYER
        found[f"{name}Layer"] = text.format(name=name, folder=name.lower())
    if service.has_api:
        stage = indent("\n".join(edge.stage().values()), " " * 4)
        found |= {"Api": _API.format(stage=stage), **edge.resources()}
    return found


def _layers(service: Service) -> tuple[str, str]:
    """The layers of every function: the smallest of packages, and the service's own code."""
    return "Core", f"{service.application}Shared"


def outputs(service: Service) -> Wanted:
    """Return what other stacks and tools ask a service for."""
    values: dict[str, str] = {}
    if service.has_api:
        values |= {"ApiEndpoint": "!GetAtt Api.ApiEndpoint", "ApiId": "!Ref Api"}
    if service.has_table:
        values |= {"TableName": "!Ref Table", "TableArn": "!GetAtt Table.Arn"}
    names = [*service.consumers, *([RELAY] if service.has_relay else [])]
    if service.consumers:
        values["QueueArns"] = _arns(f"{name}Queue" for name in service.consumers)
    if names:
        values["DeadLetterArns"] = _arns(f"{name}DeadLetterQueue" for name in names)
    if service.has_relay:
        values["RelayDeadLetters"] = f"!Ref {RELAY}DeadLetterQueue"
    return {name: f"{name}:\n{indent(f'Value: {value}', '  ')}" for name, value in values.items()}


def _arns(queues: Iterable[str]) -> str:
    """An output is a text: who is given it splits it at the commas."""
    listed = indent("\n".join(f"- !GetAtt {queue}.Arn" for queue in queues), " " * 4)
    return f'!Join\n  - ","\n  - {listed.lstrip()}'
