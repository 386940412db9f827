"""What follows from a function: how it is built, its log group, and what its events need."""

from collections.abc import Iterator, Mapping
from textwrap import indent
from typing import Any

from tools.templates.completion import Items, Wanted
from tools.templates.service import RELAY, WEB, Service

_READS_SECRETS = """
- Effect: Allow
  Action: secretsmanager:GetSecretValue
  Resource: {secrets}
"""
_READS_FLAGS = """
- Effect: Allow # the feature flags
  Action: [appconfig:StartConfigurationSession, appconfig:GetLatestConfiguration]
  Resource: !Sub
    - "arn:${AWS::Partition}:appconfig:${AWS::Region}:${AWS::AccountId}:\\
      application/${App}/environment/${Env}/configuration/${Profile}"
    - App: !Select [0, !Split ["/", !Ref FlagsAppConfig]]
      Env: !Select [1, !Split ["/", !Ref FlagsAppConfig]]
      Profile: !Select [2, !Split ["/", !Ref FlagsAppConfig]]
"""
_GIVES_MESSAGES_BACK_AND_UP = """
- Effect: Allow # to spread the retries of a message out
  Action: [sqs:GetQueueUrl, sqs:ChangeMessageVisibility]
  Resource: !GetAtt {name}Queue.Arn
- Effect: Allow # a message that is given up, with its reason
  Action: sqs:SendMessage
  Resource: !GetAtt {name}DeadLetterQueue.Arn
"""
_COUNTS_FAILURES = """
- Effect: Allow # to count how often a message has failed
  Action: dynamodb:UpdateItem
  Resource: {table}
  Condition: {{"ForAllValues:StringLike": {{"dynamodb:LeadingKeys": ["FAILURES#*"]}}}}
"""
_PUTS_EVENTS = """
- Effect: Allow
  Action: events:PutEvents
  Resource: !Sub
    arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/${EventBusName}
"""
_GIVES_EVENTS_UP = """
- Effect: Allow # an event that the bus will never take, with its reason
  Action: sqs:SendMessage
  Resource: !GetAtt RelayEventsDeadLetterQueue.Arn
"""
_STREAM = """
Stream:
  Type: DynamoDB
  Properties:
    Stream: !GetAtt Table.StreamArn
    StartingPosition: TRIM_HORIZON
    BatchSize: 100
    BisectBatchOnFunctionError: true
    MaximumRetryAttempts: -1 # the bus may be away for as long as the stream keeps its records
    MaximumRecordAgeInSeconds: 86400
    FunctionResponseTypes: [ReportBatchItemFailures]
    FilterCriteria:
      Filters:
        - Pattern: >-
            {"eventName":["INSERT"],"dynamodb":{"Keys":{"SK":{"S":[{"prefix":"EVENT#"}]}}}}
    DestinationConfig:
      OnFailure:
        Type: SQS
        Destination: !GetAtt RelayEventsDeadLetterQueue.Arn
"""
_AT_ONCE = 5
_AT_ONCE_WITH_MAILS = 2
"""The least that SQS knows; SES takes one mail a second from a new account, 14 later."""
_HEAD = """
Head:
  Type: HttpApi
  Properties: {{{properties}}}
"""
_EVERYBODYS = ("PythonVersion", "Architecture", "SnapStart", "LogLevel")
"""Parameters that `Globals` refer to."""

_LOG_GROUP = """
{name}LogGroup:
  Type: AWS::Logs::LogGroup
  UpdateReplacePolicy: Delete
  DeletionPolicy: Delete
  Properties:
    LogGroupName: !Sub /aws/lambda/${{AWS::StackName}}-{name}
    RetentionInDays: !Ref LogRetentionDays
"""


def completed(service: Service, name: str) -> Wanted:
    """Return what a function's entry lacks when it is written by hand."""
    properties: dict[str, Wanted | Items | str] = {}
    if service.is_called(name):
        properties["Layers"] = f"Layers: [!Ref {WEB}Layer]"
    if name in service.dead_letters:
        variable = f"DEAD_LETTER_QUEUE_URL: !Ref {name}DeadLetterQueue"
        properties["Environment"] = {"Variables": {"DEAD_LETTER_QUEUE_URL": variable}}
    if name in service.consumers:
        most = _AT_ONCE_WITH_MAILS if service.sends_mails(name) else _AT_ONCE
        properties["Events"] = {"Queue": _queue_event(name, most)}
    if got := service.event(name, "GET"):
        # SAM takes an event for each method; a HEAD that is written by hand would be forgotten.
        properties["Events"] = {"Head": _HEAD.format(properties=_head(got))}
    if service.answers_the_rest(name):
        routes = "\n".join(f"  {methods} {path}" for path, methods in _methods(service))
        properties["Environment"] = {"Variables": {"ROUTES": f"ROUTES: >-\n{routes}"}}
    if name == RELAY:
        properties["Timeout"] = "Timeout: 30"
        properties["Events"] = {"Stream": _STREAM}
    if statements := "".join(each.lstrip("\n") for each in _statements(service, name)):
        policy = f"- Statement:\n{indent(statements, ' ' * 4)}".rstrip()
        properties["Policies"] = Items("Policies", (policy,))
    properties["LoggingConfig"] = f"LoggingConfig: {{LogGroup: !Ref {name}LogGroup}}"
    properties["VersionDescription"] = f'VersionDescription: !Sub "{_settings(service, name)}"'
    properties["AutoPublishAliasAllProperties"] = "AutoPublishAliasAllProperties: true"
    properties["AutoPublishCodeSha256"] = 'AutoPublishCodeSha256: "" # `make build` writes it'
    # SAM's own Python builder would ship no bytecode.
    metadata = "Metadata: {BuildMethod: makefile, ContextPath: .}"
    return {"Properties": properties, "Metadata": metadata}


def _head(got: Mapping[str, Any]) -> str:
    """The properties of the event beside a GET event: the same route, asked without its body."""
    public = got.get("Auth", {}).get("Authorizer") == "NONE"
    auth = ", Auth: {Authorizer: NONE}" if public else ""
    return f'ApiId: !Ref Api, Method: HEAD, Path: "{got["Path"]}"{auth}'


def _methods(service: Service) -> Iterator[tuple[str, str]]:
    """Each path of an API with the methods that it takes: what `$default` answers 405 from."""
    for path in dict.fromkeys(service.routes):
        taken = {method for name in service.functions for method in service.methods(name, path)}
        yield path, ",".join(sorted(taken | ({"HEAD"} if "GET" in taken else set())))


def _statements(service: Service, name: str) -> Iterator[str]:
    """What a function must be allowed because of what it is given."""
    if secrets := service.secrets(name):
        listed = secrets[0] if len(secrets) == 1 else f"[{', '.join(secrets)}]"
        yield _READS_SECRETS.format(secrets=listed)
    if service.reads_flags(name):
        yield _READS_FLAGS
    if name in service.consumers:
        yield _GIVES_MESSAGES_BACK_AND_UP.format(name=name)
        yield _COUNTS_FAILURES.format(table=service.table_arn)
    if name == RELAY:
        yield _PUTS_EVENTS
        yield _GIVES_EVENTS_UP


def _settings(service: Service, name: str) -> str:
    """The parameters that a function is given: another value publishes a version, as code does.

    A version keeps the settings that it was published with. What is secret is not said, and what
    stays for as long as the stack does need not be.
    """
    facing = ["OriginVerifyHashes"] if service.faces_clients(name) else []
    everybodys = (*_EVERYBODYS, *facing)
    return " ".join(f"${{{each}}}" for each in (*everybodys, *service.parameters_of(name)))


def log_groups(service: Service) -> dict[str, str]:
    """Return a log group for every function."""
    return {f"{name}LogGroup": _LOG_GROUP.format(name=name) for name in service.functions}


def _queue_event(name: str, most: int) -> Wanted:
    """A queue may start *most* functions at once, so that the rest of the account's are left."""
    return {
        "Type": "Type: SQS",
        "Properties": {
            "Queue": f"Queue: !GetAtt {name}Queue.Arn",
            "BatchSize": "BatchSize: 10",
            "ScalingConfig": f"ScalingConfig: {{MaximumConcurrency: {most}}}",
            "FunctionResponseTypes": "FunctionResponseTypes: [ReportBatchItemFailures]",
        },
    }
