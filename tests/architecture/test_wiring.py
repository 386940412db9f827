"""What CloudFormation would find out late: parameters, outputs, circles, names and policies.

All of it is read from what SAM makes of the templates, each rule with a template that breaks it.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

import pytest

from tests.support.references import references
from tools.check import resources
from tools.check.project import ROOT, stacks
from tools.local.templates import Template, load_template
from tools.templates.service import camel

pytestmark = pytest.mark.row("OPS-04")

PATHS = {"root": ROOT / "template.yaml", **stacks()}
GRADUALLY = {"GradualDeployment": "true"}
NESTED = "AWS::CloudFormation::Stack"
PSEUDO = re.compile(r"AWS::\w+")
WITHIN = {
    # Kinds whose names count within what they belong to.
    "AWS::AppConfig::ConfigurationProfile", "AWS::AppConfig::Environment",
    "AWS::Lambda::Alias", "AWS::ApiGatewayV2::Stage",
}  # fmt: skip
OWN_NAMES = {
    "AWS::AppConfig::Application": "Name",
    "AWS::AppConfig::DeploymentStrategy": "Name",
    "AWS::CloudFront::Function": "Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::EventBus": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::WAFv2::WebACL": "Name",
}

every = pytest.mark.parametrize("name", PATHS)


@cache
def _translated(name: str) -> Template:
    return resources.translate(load_template(PATHS[name]), GRADUALLY)


def changed(name: str, change: Callable[[Template], object]) -> Template:
    template = load_template(PATHS[name])
    change(template)
    return resources.translate(template, GRADUALLY)


def dangling(template: Template) -> list[str]:
    """References to what is not there, and `DependsOn` of what is not there."""
    known = template["Resources"].keys() | template.get("Parameters", {}).keys()
    found = {each for each in references(template) if each not in known}
    waits = [each.get("DependsOn", []) for each in template["Resources"].values()]
    found |= {one for each in waits for one in ([each] if isinstance(each, str) else each)} - known
    return sorted(each for each in found if not PSEUDO.fullmatch(each))


def badly_wired(root: Template) -> list[str]:
    """What nested stacks are given and do not know, or lack, and where they wait in circles.

    Also outputs that are asked for and are not there.
    """
    services = {camel(name): load_template(path) for name, path in stacks().items()}
    nested = {n: r for n, r in root["Resources"].items() if r["Type"] == NESTED}
    found, waits = [], {}
    for name, resource in nested.items():
        known = services[name]["Parameters"]
        given = resource["Properties"].get("Parameters", {})
        found += [f"{name} knows no {each}" for each in sorted(given.keys() - known.keys())]
        needed = {each for each, about in known.items() if "Default" not in about}
        found += [f"{name} lacks {each}" for each in sorted(needed - given.keys())]
        waits[name] = {each for each in references(given) if each in nested}
    for asked, output in outputs(root):
        if asked in nested and output not in services[asked].get("Outputs", {}):
            found.append(f"{asked} has no output {output}")
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        found.append(f"a circle: {' '.join(sorted(set(error.args[1])))}")
    return found


def outputs(value: Any) -> Iterator[tuple[str, str]]:
    """Nested stack and output of every `GetAtt`."""
    match value:
        case {"Fn::GetAtt": [str(name), str(attribute)]} if attribute.startswith("Outputs."):
            yield name, attribute.removeprefix("Outputs.")
        case {"Fn::Sub": str(text)}:
            yield from re.findall(r"\$\{(\w+)\.Outputs\.(\w+)\}", text)
        case dict():
            for each in value.values():
                yield from outputs(each)
        case list():
            for each in value:
                yield from outputs(each)


def shared_names(template: Template) -> list[str]:
    """Resources whose name a second environment of the account would want, too."""
    return [
        name
        for name, resource in template["Resources"].items()
        if (written := resource.get("Properties", {}).get(OWN_NAMES.get(resource["Type"], "")))
        is not None
        and "AWS::StackName" not in references(written)
    ]


def against_policy(template: Template) -> list[str]:
    """What this repository demands of every function, queue and table."""
    known = template["Resources"]
    return [
        f"{name} {problem}"
        for name, resource in known.items()
        for kind, rule in POLICIES.items()
        if resource["Type"] == kind
        for problem in rule(resource, known)
    ]


def _function(resource: Any, known: Any) -> Iterator[str]:
    group = resource["Properties"].get("LoggingConfig", {}).get("LogGroup", {}).get("Ref")
    if known.get(group, {}).get("Properties", {}).get("RetentionInDays") is None:
        yield "has no log group whose lines go"


def _mapping(resource: Any, _: Any) -> Iterator[str]:
    properties = resource["Properties"]
    if "StartingPosition" not in properties:  # of a queue
        if not properties.get("ScalingConfig", {}).get("MaximumConcurrency"):
            yield "may take all concurrent executions of the account"
        if "ReportBatchItemFailures" not in properties.get("FunctionResponseTypes", []):
            yield "takes a batch again as a whole"


def _queue(resource: Any, _: Any) -> Iterator[str]:
    if resource["Properties"].get("MessageRetentionPeriod") != FORTNIGHT:
        yield "does not keep messages for 14 days"


def _table(resource: Any, _: Any) -> Iterator[str]:
    properties = resource["Properties"]
    if "StreamSpecification" in properties:  # its events are the truth
        kept = (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy"))
        if kept != ("RetainExceptOnCreate", "Retain"):
            yield "goes with its stack"
        if properties.get("DeletionProtectionEnabled") != {
            "Fn::If": ["IsProduction", True, False]
        }:
            yield "is not protected from deletion in production"
        if not properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]:
            yield "cannot be set back"


PROTECTED = {"Fn::If": ["IsProduction", True, False]}
FORTNIGHT = 14 * 86_400
POLICIES: dict[str, Callable[[Any, Any], Iterator[str]]] = {
    "AWS::Lambda::Function": _function,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::SQS::Queue": _queue,
    "AWS::DynamoDB::Table": _table,
}


@every
def test_everything_that_is_referred_to_is_there(name: str) -> None:
    assert dangling(_translated(name)) == []


def test_the_root_wires_the_services_together() -> None:
    assert badly_wired(_translated("root")) == []
    assert len(list(outputs(_translated("root")))) > 40


@every
def test_a_second_environment_of_the_account_has_other_names(name: str) -> None:
    assert shared_names(_translated(name)) == []


@every
def test_functions_queues_and_tables_are_as_the_project_wants_them(name: str) -> None:
    assert against_policy(_translated(name)) == []


class TestTheGatesCanFail:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda p: p.update(Nobody="x"), "Payments knows no Nobody"),
            (lambda p: p.pop("AuthorizerFunctionArn"), "Payments lacks AuthorizerFunctionArn"),
            (
                lambda p: p.update(EventBusName={"Fn::GetAtt": ["Orders", "Outputs.Bus"]}),
                "Orders has no output Bus",
            ),
        ],
    )
    def test_a_service_that_is_wired_badly(
        self, change: Callable[[Any], object], said: str
    ) -> None:
        def plant(root: Template) -> None:
            change(root["Resources"]["Payments"]["Properties"]["Parameters"])

        assert badly_wired(changed("root", plant)) == [said]

    def test_services_that_wait_for_each_other(self) -> None:
        def plant(root: Template) -> None:
            catalog = root["Resources"]["Catalog"]["Properties"]["Parameters"]
            catalog["LogLevel"] = {"Fn::GetAtt": ["Inventory", "Outputs.TableName"]}

        assert badly_wired(changed("root", plant)) == ["a circle: Catalog Inventory"]

    def test_a_reference_to_nothing(self) -> None:
        def plant(template: Template) -> None:
            template["Outputs"]["Lost"] = {"Value": {"Fn::Sub": "${Nobody.Arn} ${!Literal}"}}
            template["Resources"]["Table"]["DependsOn"] = "NobodyElse"

        assert dangling(changed("payments", plant)) == ["Nobody", "NobodyElse"]

    @pytest.mark.parametrize("named", ["payments", {"Fn::Sub": "${Environment}-payments"}])
    def test_a_name_that_two_stacks_would_want(self, named: Any) -> None:
        def plant(template: Template) -> None:
            template["Resources"]["Table"]["Properties"]["TableName"] = named

        assert shared_names(changed("payments", plant)) == ["Table"]

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (
                lambda r: r["RelayEventsFunction"]["Properties"].pop("LoggingConfig"),
                "RelayEventsFunction has no log group whose lines go",
            ),
            (
                lambda r: r["GetPaymentLogGroup"]["Properties"].pop("RetentionInDays"),
                "GetPaymentFunction has no log group whose lines go",
            ),
            (
                lambda r: r["ProcessPaymentFunction"]["Properties"]["Events"]["Queue"][
                    "Properties"
                ].pop("ScalingConfig"),
                "ProcessPaymentFunctionQueue may take all concurrent executions of the account",
            ),
            (
                lambda r: r["ProcessPaymentFunction"]["Properties"]["Events"]["Queue"][
                    "Properties"
                ].pop("FunctionResponseTypes"),
                "ProcessPaymentFunctionQueue takes a batch again as a whole",
            ),
            (
                lambda r: r["ProcessPaymentQueue"]["Properties"].pop("MessageRetentionPeriod"),
                "ProcessPaymentQueue does not keep messages for 14 days",
            ),
            (
                lambda r: r["Table"].update(DeletionPolicy="Delete"),
                "Table goes with its stack",
            ),
            (
                lambda r: r["Table"]["Properties"].update(DeletionProtectionEnabled=False),
                "Table is not protected from deletion in production",
            ),
            (
                lambda r: r["Table"]["Properties"].update(
                    PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
                ),
                "Table cannot be set back",
            ),
        ],
    )
    def test_a_broken_policy(self, change: Callable[[Any], object], said: str) -> None:
        assert against_policy(changed("payments", lambda t: change(t["Resources"]))) == [said]
