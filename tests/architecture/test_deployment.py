"""What is deployed is invoked by its alias, and in production an alarm takes a release back.

All of it is read from what SAM makes of the templates, with the parameters of production.
"""

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

import pytest

from tests.support.references import references
from tools.check import resources
from tools.check.project import ROOT, functions_of, stacks
from tools.local.templates import Template, load_template
from tools.templates.service import camel

pytestmark = pytest.mark.row("OPS-04")

PATHS = stacks()
ROOT_TEMPLATE = load_template(ROOT / "template.yaml")
CONFIGURATION = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
VERSION, ALIAS = "AWS::Lambda::Version", "AWS::Lambda::Alias"
GROUP = "AWS::CodeDeploy::DeploymentGroup"
WATCHES = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard")

service = pytest.mark.parametrize("name", PATHS)


def overrides(environment: str) -> dict[str, str]:
    """The parameters that `sam deploy --config-env` sets, over the root template's defaults."""
    defaults = {name: each.get("Default") for name, each in ROOT_TEMPLATE["Parameters"].items()}
    written = CONFIGURATION[environment]["deploy"]["parameters"]["parameter_overrides"]
    return defaults | dict(each.split("=", 1) for each in written)


def holds(condition: Any, values: dict[str, str], known: dict[str, Any]) -> Any:
    """What CloudFormation makes of a condition, as far as the root's go."""
    ((kind, what),) = condition.items() if isinstance(condition, dict) else [("", condition)]
    match kind:
        case "Ref":
            return values[what]
        case "Fn::If":
            name, *branches = what
            return holds(branches[not holds(known[name], values, known)], values, known)
        case "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not":
            parts = [holds(part, values, known) for part in what]
            return {
                "Fn::Equals": parts[0] == parts[-1],
                "Fn::And": all(parts),
                "Fn::Or": any(parts),
                "Fn::Not": not parts[0],
            }[kind]
    assert not kind, kind
    return what


def given(name: str, environment: str) -> dict[str, str]:
    """What the root gives a service that decides on how it is deployed."""
    values = overrides(environment)
    passed = ROOT_TEMPLATE["Resources"][camel(name)]["Properties"]["Parameters"]
    return {
        each: holds(passed[each], values, ROOT_TEMPLATE["Conditions"])
        for each in ("Environment", "GradualDeployment", "DeploymentType", "SnapStart")
        if each in passed
    }


@cache
def deployed(name: str, environment: str) -> Template:
    return resources.translate(load_template(PATHS[name]), given(name, environment))


def of_kind(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    return {n: each for n, each in template["Resources"].items() if each["Type"] == kind}


def past_the_alias(template: Template) -> list[str]:
    """What refers to a function itself, where it should to what is published of it.

    A custom resource has to: it runs in the middle of a deployment, before any alias has moved.
    """
    functions = of_kind(template, "AWS::Lambda::Function").keys()
    about = (VERSION, ALIAS, *WATCHES)
    places = {
        f"Resources/{name}": each
        for name, each in template["Resources"].items()
        if each["Type"] not in about and not each["Type"].startswith("Custom::")
    }
    places |= {f"Outputs/{name}": each for name, each in template.get("Outputs", {}).items()}
    found = [
        f"{place}: {name}"
        for place, each in places.items()
        for name in references(each)
        if name in functions
    ]
    waits = [
        f"{place} waits for {name}"
        for place, each in places.items()
        for name in [each.get("DependsOn", [])]
        if functions & set([name] if isinstance(name, str) else name)
    ]
    return found + waits


def circle(template: Template) -> list[str]:
    """Resources that wait for each other: CloudFormation would refuse the template."""
    known = template["Resources"]
    graph: dict[str, set[str]] = {}
    for name, each in known.items():
        waits = each.get("DependsOn", [])
        waits = [waits] if isinstance(waits, str) else waits
        graph[name] = {other for other in (*references(each), *waits) if other in known} - {name}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def brakes(template: Template, function: str) -> set[str]:
    """Alarms, by logical ids, that stop a deployment of a function and take it back."""
    (alias,) = (
        each
        for each in of_kind(template, ALIAS).values()
        if each["Properties"]["FunctionName"] == {"Ref": function}
    )
    policy = alias.get("UpdatePolicy", {}).get("CodeDeployLambdaAliasUpdate")
    if policy is None:
        return set()
    group = of_kind(template, GROUP)[policy["DeploymentGroupName"]["Ref"]]["Properties"]
    back = group["AutoRollbackConfiguration"]
    if not back["Enabled"] or "DEPLOYMENT_STOP_ON_ALARM" not in back["Events"]:
        return set()
    configured = group["AlarmConfiguration"]
    if "Fn::If" in configured:  # where there is a group there is the condition
        assert configured["Fn::If"][0] == "DeploysGradually"
        configured = configured["Fn::If"][1]
    names = {
        str(each["Properties"]["AlarmName"]): name
        for name, each in of_kind(template, WATCHES[0]).items()
        if "AlarmName" in each["Properties"]
    }
    listed = [each["Name"] for each in configured["Alarms"]] if configured["Enabled"] else []
    return {each["Ref"] if "Ref" in each else names[str(each)] for each in listed}


def unwatched(template: Template) -> list[str]:
    """Functions whose own errors or whose service's stop no deployment of them."""
    alarms = of_kind(template, WATCHES[0])
    found = []
    for function in of_kind(template, "AWS::Lambda::Function"):
        stops = brakes(template, function)
        counted = [metric for name in stops for metric in metrics(alarms[name]["Properties"])]
        wanted = {("Tradewind", "Fault", ""), ("AWS/Lambda", "Errors", function)}
        if of_kind(template, "AWS::ApiGatewayV2::Api"):
            wanted.add(("AWS/ApiGateway", "5xx", "Api"))
        if not wanted <= set(counted):
            found.append(function)
    return found


def metrics(alarm: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Namespace, name, and the resource whose metric it is."""
    stats = [
        each["MetricStat"]["Metric"]
        for each in alarm.get("Metrics", ())
        if "Expression" not in each
    ]
    for metric in stats or [alarm]:
        of = [each["Value"]["Ref"] for each in metric["Dimensions"] if "Ref" in each["Value"]]
        yield metric["Namespace"], metric["MetricName"], "".join(set(of) - {"Environment"})


@service
@pytest.mark.parametrize("environment", ["default", "staging", "prod"])
def test_everything_that_invokes_a_function_goes_to_its_alias(name: str, environment: str) -> None:
    template = deployed(name, environment)
    assert past_the_alias(template) == []
    aliases = of_kind(template, ALIAS)
    assert {each["Properties"]["Name"] for each in aliases.values()} == {"live"}
    assert len(aliases) == len(functions_of(load_template(PATHS[name])))
    for alias in aliases.values():
        version = alias["Properties"]["FunctionVersion"]["Fn::GetAtt"][0]
        assert template["Resources"][version]["Type"] == VERSION


@service
def test_in_production_a_release_is_taken_back_by_the_functions_own_alarms(name: str) -> None:
    assert unwatched(deployed(name, "prod")) == []
    kinds = {
        each["Properties"]["DeploymentConfigName"]["Fn::Sub"][1]["ConfigName"]
        for each in of_kind(deployed(name, "prod"), GROUP).values()
    }
    assert kinds == {"Canary10Percent5Minutes"}


@service
@pytest.mark.parametrize("environment", ["default", "staging"])
def test_elsewhere_a_release_is_there_at_once_and_its_alarms_cost_nothing(
    name: str, environment: str
) -> None:
    template = deployed(name, environment)
    assert of_kind(template, GROUP) == {}
    watches = {n: e for kind in WATCHES for n, e in of_kind(template, kind).items()}
    brakes = {name for name, each in watches.items() if each.get("Condition") != "IsWatched"}
    assert brakes
    assert {template["Resources"][each]["Condition"] for each in brakes} == {"DeploysGradually"}
    assert all(name.startswith("Errors") for name in brakes)


def test_what_brakes_is_there_where_nobody_watches() -> None:
    """Else a deployment group would refer to an alarm that is not there."""
    for path in PATHS.values():
        assert load_template(path)["Conditions"]["IsWatched"] == {
            "Fn::Or": [
                {"Fn::Equals": [{"Ref": "Watching"}, "full"]},
                {"Condition": "DeploysGradually"},
            ]
        }
    assert overrides("default")["Watching"] == "none"
    assert overrides("staging")["Watching"] == overrides("prod")["Watching"] == "full"


@service
@pytest.mark.parametrize("environment", ["default", "prod"])
def test_no_resource_waits_for_itself(name: str, environment: str) -> None:
    """SAM's aliases wait for their deployment groups, these for alarms, and APIs for aliases."""
    assert circle(deployed(name, environment)) == []


@service
def test_dead_letters_do_not_hold_a_deployment_up(name: str) -> None:
    """Their alarm is on until they are put back, and what mends their cause has to be deployed."""
    template = deployed(name, "prod")
    for function in of_kind(template, "AWS::Lambda::Function"):
        assert not [each for each in brakes(template, function) if "DeadLetters" in each]


def test_no_snapshot_is_paid_for_unless_someone_asks() -> None:
    for environment in ("default", "staging", "prod"):
        assert given("orders", environment)["SnapStart"] == "None"
    functions = of_kind(deployed("orders", "prod"), "AWS::Lambda::Function").values()
    assert {str(each["Properties"]["SnapStart"]) for each in functions} == {
        "{'ApplyOn': {'Ref': 'SnapStart'}}"
    }


def test_a_deployment_that_mends_what_rings_can_go_past_the_brakes() -> None:
    values = overrides("prod") | {"GradualDeployment": "never"}
    known = ROOT_TEMPLATE["Conditions"]
    assert holds(known["DeploysGradually"], overrides("prod"), known)
    assert not holds(known["DeploysGradually"], values, known)
    assert holds(known["DeploysGradually"], values | {"GradualDeployment": "always"}, known)


class TestTheGatesCanFail:
    """Each gate above, shown a template that it must refuse."""

    @staticmethod
    def changed(change: Callable[[Template], None], name: str = "payments") -> Template:
        template = load_template(PATHS[name])
        change(template)
        return resources.translate(template, given(name, "prod"))

    def test_an_authorizer_that_is_asked_past_its_alias(self) -> None:
        def change(template: Template) -> None:
            template["Outputs"]["AuthorizerFunctionArn"]["Value"] = {
                "Fn::GetAtt": ["AuthorizeFunction", "Arn"]
            }

        assert past_the_alias(self.changed(change, "identity")) == [
            "Outputs/AuthorizerFunctionArn: AuthorizeFunction"
        ]

    def test_functions_without_an_alias(self) -> None:
        def change(template: Template) -> None:
            del template["Globals"]["Function"]["AutoPublishAlias"]
            del template["Globals"]["Function"]["DeploymentPreference"]

        found = past_the_alias(self.changed(change))
        assert "Resources/ProcessPaymentFunctionQueue: ProcessPaymentFunction" in found
        assert "Resources/RelayEventsFunctionStream: RelayEventsFunction" in found
        assert "Resources/Api: GetPaymentFunction" in found
        assert "Resources/GetPaymentFunctionGetPermission: GetPaymentFunction" in found
        assert "Resources/ApiTradewindAuthorizerPermission: GetPaymentFunction" not in found

    def test_a_rule_that_waits_for_less_than_the_alias(self) -> None:
        def change(template: Template) -> None:
            template["Resources"]["ProcessPaymentRule"]["DependsOn"] = "ProcessPaymentFunction"

        assert past_the_alias(self.changed(change)) == [
            "Resources/ProcessPaymentRule waits for ProcessPaymentFunction"
        ]

    def test_an_alarm_that_is_no_brake_any_more(self) -> None:
        def change(template: Template) -> None:
            alarms = template["Globals"]["Function"]["DeploymentPreference"]["Alarms"]
            del alarms["Fn::If"][1][0]

        assert len(unwatched(self.changed(change))) == 5

    def test_a_function_whose_errors_nobody_counts(self) -> None:
        def change(template: Template) -> None:
            del template["Resources"]["ErrorsAlarm"]["Properties"]["Metrics"][1]

        assert unwatched(self.changed(change)) == ["GetPaymentFunction"]

    def test_production_without_brakes(self) -> None:
        template = load_template(PATHS["payments"])
        assert len(unwatched(resources.translate(template, {"GradualDeployment": "false"}))) == 5

    def test_brakes_that_wait_for_the_api_that_waits_for_them(self) -> None:
        def change(template: Template) -> None:
            alarms = template["Globals"]["Function"]["DeploymentPreference"]["Alarms"]
            alarms["Fn::If"][1].append({"Ref": "ServerErrorsAlarm"})

        assert {"Api", "ServerErrorsAlarm"} <= set(circle(self.changed(change)))


def refusals(values: dict[str, str], rules: dict[str, Any]) -> list[str]:
    """What CloudFormation's rules say to a deployment with these parameters."""
    return [
        each["AssertDescription"]
        for rule in rules.values()
        if holds(rule["RuleCondition"], values, {})
        for each in rule["Assertions"]
        if not holds(each["Assert"], values, {})
    ]


WATCHED = {"AlarmEmail": "ops@shop.example"}
SANDBOX = {"SandboxInProduction": "yes"}
OWN = {"FrontDoorDomain": "shop.example", "FrontDoorCertificateArn": "arn:aws:acm:…"}


@pytest.mark.parametrize(
    ("environment", "more", "said"),
    [
        ("default", {}, []),
        ("staging", {}, []),
        ("prod", OWN | WATCHED | SANDBOX, []),
        ("prod", WATCHED | SANDBOX, ["Production needs a FrontDoorDomain"]),
        ("prod", OWN | SANDBOX, ["Production needs AlarmEmail"]),
        ("prod", OWN | WATCHED | SANDBOX | {"Watching": "none"}, ["Production needs Watching"]),
        ("prod", OWN | WATCHED, ["The only payment gateway is the sandbox"]),
        ("staging", {"RegisterSender": "true"}, ["RegisterSender needs a SenderEmail of your"]),
        ("staging", {"RegisterSender": "true", "SenderEmail": "a@shop.example"}, []),
    ],
)
def test_what_would_go_wrong_later_is_refused_at_once(
    environment: str, more: dict[str, str], said: list[str]
) -> None:
    found = refusals(overrides(environment) | more, ROOT_TEMPLATE["Rules"])
    assert [each[: len(start)] for each, start in zip(found, said, strict=True)] == said


def test_a_template_without_its_rules_would_refuse_nothing() -> None:
    """The planted mistake: what the test above looks at is what refuses."""
    assert refusals(overrides("prod"), {}) == []


def test_an_address_is_registered_only_where_that_is_asked_for_and_outlives_its_stack() -> None:
    """SES knows an address once an account: a second environment could not register it again."""
    template = load_template(PATHS["notifications"])
    identity = template["Resources"]["SenderIdentity"]
    assert template["Parameters"]["RegisterSender"]["Default"] == "false"
    assert ROOT_TEMPLATE["Parameters"]["RegisterSender"]["Default"] == "false"
    assert identity["DeletionPolicy"] == "RetainExceptOnCreate"
    assert identity["UpdateReplacePolicy"] == "Retain"
