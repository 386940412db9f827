"""Alarms and dashboards watch what is really there, and every queue of dead letters is watched."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tools.check.emitted import emitted
from tools.check.project import ROOT, functions_of, stacks
from tools.local.templates import Template, load_template
from tools.templates.service import camel

pytestmark = pytest.mark.row("MET-04")

SERVICES = {name: load_template(path) for name, path in stacks().items()}
ROOT_TEMPLATE = load_template(ROOT / "template.yaml")
NAMESPACE = "Tradewind"
AWS: dict[str, tuple[set[str], set[str]]] = {
    # Namespace: metrics, dimensions; from "metrics and dimensions" in the guide of each service.
    "AWS/ApiGateway": ({"Count", "4xx", "5xx", "Latency"}, {"ApiId"}),
    "AWS/Lambda": ({"Errors", "Throttles", "IteratorAge"}, {"FunctionName"}),
    "AWS/SQS": (
        {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
        {"QueueName"},
    ),
    "AWS/DynamoDB": (
        {
            "ReadThrottleEvents",
            "WriteThrottleEvents",
            "ConsumedReadCapacityUnits",
            "ConsumedWriteCapacityUnits",
        },
        {"TableName"},
    ),
}
OURS = emitted()

service = pytest.mark.parametrize("name", SERVICES)


def alarms(template: Template) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }


def series(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """What an alarm looks at: its metric, or those that it adds up, in the words of one."""
    if "Metrics" not in alarm:
        return [alarm]
    stats = [each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each]
    return [
        {**each["Metric"], "Period": each["Period"], "Statistic": each["Stat"]} for each in stats
    ]


def dashboard(template: Template) -> dict[str, Any]:
    (found,) = (
        resource["Properties"]["DashboardBody"]["Fn::Sub"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::CloudWatch::Dashboard"
    )
    body: dict[str, Any] = json.loads(found)
    return body


def watched(template: Template) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Namespace, metric and dimensions of all that alarms and dashboard show."""
    for alarm in alarms(template).values():
        for each in series(alarm):
            dimensions = {found["Name"]: found["Value"] for found in each.get("Dimensions", [])}
            yield each["Namespace"], each["MetricName"], dimensions
    for widget in dashboard(template)["widgets"]:
        for namespace, metric, *rest in widget["properties"]["metrics"]:
            pairs = [each for each in rest if isinstance(each, str)]
            yield namespace, metric, dict(zip(pairs[::2], pairs[1::2], strict=True))


def unknown(found: tuple[str, str, dict[str, Any]]) -> str | None:
    """Say what is wrong with a metric that nobody emits."""
    namespace, metric, dimensions = found
    if namespace == NAMESPACE:
        if frozenset(dimensions) not in OURS.get(metric, set()):
            return f"{metric} {sorted(dimensions)} is not emitted"
    elif metric not in AWS[namespace][0] or not set(dimensions) <= AWS[namespace][1]:
        return f"{namespace} has no {metric} {sorted(dimensions)}"
    return None


def test_there_is_something_to_watch() -> None:
    assert len(SERVICES) >= 8
    assert len(OURS) > 20
    assert sum(len(list(watched(template))) for template in SERVICES.values()) > 100


@service
def test_every_metric_that_is_watched_is_emitted(name: str) -> None:
    found = [problem for each in watched(SERVICES[name]) if (problem := unknown(each))]
    assert found == []


@service
def test_what_is_watched_is_the_services_own(name: str) -> None:
    for namespace, metric, dimensions in watched(SERVICES[name]):
        if namespace == NAMESPACE:
            assert dimensions["service"] == stacks()[name].parent.name, metric
            assert dimensions["environment"] in ({"Ref": "Environment"}, "${Environment}")
        for value in dimensions.values():
            named = re.findall(r"\${(\w+)", value) if isinstance(value, str) else [*_named(value)]
            assert set(named) <= {*SERVICES[name]["Resources"], *SERVICES[name]["Parameters"]}


def _named(value: dict[str, Any]) -> Iterator[str]:
    for target in value.values():
        yield target if isinstance(target, str) else target[0]


@service
def test_every_queue_has_its_alarm(name: str) -> None:
    """Of dead letters that there are any, of others how long the oldest message has waited."""
    queues = {each for each in SERVICES[name]["Resources"] if each.endswith("Queue")}
    alarmed = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in alarms(SERVICES[name]).values()
        for each in series(alarm)
        for dimension in each["Dimensions"]
        if dimension["Name"] == "QueueName"
    }
    assert alarmed == queues


@service
def test_every_service_is_watched_for_what_it_has(name: str) -> None:
    template = SERVICES[name]
    wanted = {"FaultsAlarm"}
    if "Api" in template["Resources"]:
        wanted |= {"ServerErrorsAlarm", "LatencyAlarm"}
    if "Table" in template["Resources"]:
        wanted |= {"ReadThrottlesAlarm", "WriteThrottlesAlarm"}
    if "RelayEventsFunction" in functions_of(template):
        wanted |= {"RelayErrorsAlarm", "RelayLagAlarm"}
    if name == "orders":
        wanted |= {"SagaAgeAlarm", "OldestOpenOrderAlarm"}
    if name == "notifications":
        wanted |= {"EmailFailedAlarm"}
    assert wanted <= set(alarms(template))


SILENT = {"OldestOpenOrderAlarm"}
"""What is measured on a schedule: no data mean that nobody looks."""
LIMITS = {
    # As the runbook explains them; the same for every queue, and for every ten functions.
    "FaultsAlarm": ("Fault", "Sum", 300, 5),
    "ServerErrorsAlarm": ("5xx", "Sum", 300, 5),
    "LatencyAlarm": ("Latency", "p99", 60, 2_000),
    "ReadThrottlesAlarm": ("ReadThrottleEvents", "Sum", 300, 10),
    "WriteThrottlesAlarm": ("WriteThrottleEvents", "Sum", 300, 10),
    "RelayErrorsAlarm": ("Errors", "Sum", 300, 5),
    "RelayLagAlarm": ("IteratorAge", "Maximum", 60, 60_000),
    "OldestOpenOrderAlarm": ("OldestOpenOrder", "Maximum", 300, 900),
    "EmailFailedAlarm": ("EmailFailed", "Sum", 300, 5),
    "MessageAgeAlarm": ("ApproximateAgeOfOldestMessage", "Maximum", 300, 1_800),
    "SagaAgeAlarm": ("SagaAge", "p99", 300, 300_000),
    "ErrorsAlarm": ("Errors", "Sum", 300, 3),
    "Alarm": ("ApproximateNumberOfMessagesVisible", "Maximum", 300, 1),  # of dead letters
}


@service
def test_alarms_go_off_where_they_should(name: str) -> None:
    for logical_id, alarm in alarms(SERVICES[name]).items():
        found = {
            (
                each["MetricName"],
                each.get("Statistic") or each.get("ExtendedStatistic"),
                each["Period"],
                alarm["Threshold"],
            )
            for each in series(alarm)
        }
        of_a_kind = re.sub(r"^.*DeadLetters|^.*(?=MessageAge)|(?<=Errors)\d+", "", logical_id)
        assert found == {LIMITS[of_a_kind]}, logical_id
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        silence = "breaching" if logical_id in SILENT else "notBreaching"
        assert alarm["TreatMissingData"] == silence
        assert alarm.get("DatapointsToAlarm", 1) <= alarm["EvaluationPeriods"] <= 5


@service
def test_every_function_has_a_log_group_that_does_not_grow_for_ever(name: str) -> None:
    resources = SERVICES[name]["Resources"]
    groups = set()
    for properties in functions_of(SERVICES[name]).values():
        group = resources[properties["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]
        assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}
        groups.add(group["LogGroupName"]["Fn::Sub"])
    assert len(groups) == len(functions_of(SERVICES[name]))
    assert all(each.startswith("/aws/lambda/${AWS::StackName}-") for each in groups)


@service
def test_alarms_are_heard_where_there_is_a_topic(name: str) -> None:
    expected = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}
    for alarm in alarms(SERVICES[name]).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == expected
    application = ROOT_TEMPLATE["Resources"][camel(name)]["Properties"]
    assert application["Parameters"]["AlarmTopicArn"] == {"Ref": "AlarmTopic"}


def test_functions_that_are_turned_away_are_noticed() -> None:
    alarm = alarms(ROOT_TEMPLATE)["FunctionThrottlesAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Throttles")
    assert "Dimensions" not in alarm


class TestTheGateCanFail:
    @pytest.mark.parametrize(
        "found",
        [
            ("Tradewind", "Faults", {"service": "orders", "environment": "dev"}),
            ("Tradewind", "Fault", {"service": "orders"}),
            ("Tradewind", "EventHandled", {"service": "orders", "environment": "dev"}),
            ("AWS/Lambda", "ColdStarts", {"FunctionName": "x"}),
            ("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"Queue": "x"}),
        ],
    )
    def test_a_metric_that_nobody_emits(self, found: tuple[str, str, dict[str, Any]]) -> None:
        assert unknown(found)
