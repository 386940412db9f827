"""The alarms of a service: one for each thing that it has and that can go wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.templates.completion import Wanted
from tools.templates.service import RELAY, Service

ALARM = "AWS::CloudWatch::Alarm"
_HEARD = "!If [HasAlarmTopic, [!Ref AlarmTopicArn], !Ref AWS::NoValue]"
_ALWAYS = {
    "ComparisonOperator": "ComparisonOperator: GreaterThanOrEqualToThreshold",
    "TreatMissingData": "TreatMissingData: notBreaching",
    "AlarmActions": f"AlarmActions: {_HEARD}",
    "OKActions": f"OKActions: {_HEARD}",
}
_SERVER_ERRORS = "${AWS::StackName}-ServerErrors"
_METRICS = 10
_ERRORS = """\
      - Id: {id}
        ReturnData: false
        MetricStat:
          Metric:
            Namespace: AWS/Lambda
            MetricName: Errors
            Dimensions: [{{Name: FunctionName, Value: !Ref {function}}}]
          Period: 300
          Stat: Sum"""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm; it goes off when *threshold* is reached."""

    name: str
    says: str
    metric: tuple[str, str]
    """Namespace and name."""
    dimensions: tuple[tuple[str, str], ...]
    threshold: int
    statistic: str = "Statistic: Sum"
    period: int = 300
    of_periods: tuple[int, int] = (1, 1)
    """In how many of how many periods the threshold must be reached."""
    called: str = ""
    """Its own name, if others cannot refer to it."""

    def text(self) -> str:
        """Return the resource."""
        enough, periods = self.of_periods
        return "\n".join(
            [
                f"{self.name}Alarm:",
                f"  Type: {ALARM}",
                "  Condition: IsWatched",
                "  Properties:",
                *([f"    AlarmName: !Sub {self.called}"] if self.called else []),
                f"    AlarmDescription: {self.says}",
                f"    Namespace: {self.metric[0]}",
                f"    MetricName: {self.metric[1]}",
                "    Dimensions:",
                *(f"      - {{Name: {name}, Value: {value}}}" for name, value in self.dimensions),
                f"    {self.statistic}",
                f"    Period: {self.period}",
                f"    EvaluationPeriods: {periods}",
                *([f"    DatapointsToAlarm: {enough}"] if enough < periods else []),
                f"    Threshold: {self.threshold}",
                *(f"    {line}" for line in _ALWAYS.values()),
            ]
        )


def alarms(service: Service) -> dict[str, str]:
    """Return the alarms by their logical ids."""
    own = {f"{alarm.name}Alarm": alarm.text() for alarm in _alarms(service)}
    return own | _of_the_functions(service)


def brakes(service: Service) -> list[str]:
    """Return the names of the alarms that stop a deployment and take it back.

    The alarm of the API goes by a name of its own: by reference it would wait for the API, that
    for the functions' aliases, and these for their brakes. Dead letters are no brake: their alarm
    is on until somebody has put them back, and no deployment begins while a brake is on.
    """
    api = [f'!Sub "{_SERVER_ERRORS}"'] if service.has_api else []
    return [*(f"!Ref {name}" for name in ("FaultsAlarm", *_of_the_functions(service))), *api]


def completed(service: Service) -> Wanted:
    """Return what the alarms that are written by hand lack."""
    watched: Wanted = {"Condition": "Condition: IsWatched", "Properties": _ALWAYS}
    return dict.fromkeys(service.of(ALARM), watched)


def _alarms(service: Service) -> Iterator[Alarm]:
    name = service.said
    own = (("service", service.name), ("environment", "!Ref Environment"))
    yield Alarm(
        "Faults", f"{name} meets errors that nobody expected.", ("Tradewind", "Fault"), own, 5
    )
    if service.has_api:
        yield from _of_the_api(name)
    if service.has_table:
        yield from _of_the_table(name)
    if service.has_relay:
        yield from _of_the_relay(name)
    if any(map(service.sends_mails, service.functions)):
        yield Alarm(
            "EmailFailed", f"Mails of {name} are not taken.", ("Tradewind", "EmailFailed"), own, 5
        )
    for consumer in service.consumers:
        yield Alarm(
            f"{consumer}MessageAge",
            f"A message has waited half an hour for {service.dead_letters[consumer]}.",
            ("AWS/SQS", "ApproximateAgeOfOldestMessage"),
            (("QueueName", f"!GetAtt {consumer}Queue.QueueName"),),
            threshold=1800,
            statistic="Statistic: Maximum",
        )
    for consumer, who in service.dead_letters.items():
        yield Alarm(
            f"{consumer}DeadLetters",
            f"{who} has given messages up (see the runbook).",
            ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
            (("QueueName", f"!GetAtt {consumer}DeadLetterQueue.QueueName"),),
            threshold=1,
            statistic="Statistic: Maximum",
        )


def _of_the_functions(service: Service) -> dict[str, str]:
    """Functions that time out or do not even start: nothing of ours counts these.

    Ten share an alarm, as many metrics as one may add up: when a function is taken back its whole
    stack is. They cost by metric, so they are only where they are brakes.
    """
    names = list(service.functions)
    found = {}
    for start in range(0, len(names), _METRICS):
        group = f"Errors{start // _METRICS + 1 if start else ''}Alarm"
        found[group] = "\n".join(
            [
                f"{group}:",
                f"  Type: {ALARM}",
                "  Condition: DeploysGradually",
                "  Properties:",
                f"    AlarmDescription: Functions of {service.said} time out or do not start.",
                "    Metrics:",
                "      - {Id: all, Expression: 'SUM(FILL(METRICS(), 0))', ReturnData: true}",
                *(
                    _ERRORS.format(id=service.use_case(name), function=f"{name}Function")
                    for name in names[start : start + _METRICS]
                ),
                "    EvaluationPeriods: 1",
                "    Threshold: 3",
                *(f"    {line}" for line in _ALWAYS.values()),
            ]
        )
    return found


def _of_the_api(name: str) -> Iterator[Alarm]:
    api = (("ApiId", "!Ref Api"),)
    yield Alarm(
        "ServerErrors",
        f"{name} answers with 5xx.",
        ("AWS/ApiGateway", "5xx"),
        api,
        threshold=5,
        called=_SERVER_ERRORS,
    )
    yield Alarm(
        "Latency",
        f"One request in a hundred to {name} takes more than two seconds.",
        ("AWS/ApiGateway", "Latency"),
        api,
        threshold=2000,
        statistic="ExtendedStatistic: p99",
        period=60,
        of_periods=(3, 5),
    )


def _of_the_table(name: str) -> Iterator[Alarm]:
    for what in ("Read", "Write"):
        yield Alarm(
            f"{what}Throttles",
            f"DynamoDB turns {what.lower()}s of {name} away.",
            ("AWS/DynamoDB", f"{what}ThrottleEvents"),
            (("TableName", "!Ref Table"),),
            threshold=10,
        )


def _of_the_relay(name: str) -> Iterator[Alarm]:
    relay = (("FunctionName", f"!Ref {RELAY}Function"),)
    yield Alarm(
        "RelayErrors",
        f"The relay of {name} fails; its events wait.",
        ("AWS/Lambda", "Errors"),
        relay,
        5,
    )
    yield Alarm(
        "RelayLag",
        f"The relay of {name} is a minute behind the table.",
        ("AWS/Lambda", "IteratorAge"),
        relay,
        threshold=60000,
        statistic="Statistic: Maximum",
        period=60,
        of_periods=(3, 5),
    )
