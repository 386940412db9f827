"""The dashboard of a service: a widget for each thing that it has."""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.templates.alarms import ALARM
from tools.templates.service import RELAY, Service

_HEAD = """
Dashboard:
  Type: AWS::CloudWatch::Dashboard
  Condition: IsWatched
  Properties:
    DashboardName: !Sub ${AWS::StackName}
    DashboardBody: !Sub |
"""
_WIDTH, _HEIGHT = 12, 6


@dataclass(frozen=True, slots=True)
class Widget:
    """One chart; each metric is its namespace, name, dimensions and options, as JSON."""

    title: str
    metrics: tuple[str, ...]
    statistic: str = "Sum"

    def json(self, place: int) -> str:
        """Return the widget at its place, two in a row."""
        x, y = place % 2 * _WIDTH, place // 2 * _HEIGHT
        at = f'"x": {x}, "y": {y}, "width": {_WIDTH}, "height": {_HEIGHT}'
        shown = f'"view": "timeSeries", "stat": "{self.statistic}", "period": 60'
        metrics = ",\n".join(f"          [{metric}]" for metric in self.metrics)
        return (
            f'    {{"type": "metric", {at}, "properties": {{\n'
            f'        "title": "{self.title}", "region": "${{AWS::Region}}", {shown},\n'
            f'        "metrics": [\n{metrics}\n        ]}}}}'
        )


def dashboard(service: Service) -> str:
    """Return the dashboard's resource."""
    widgets = ",\n".join(widget.json(place) for place, widget in enumerate(_widgets(service)))
    body = "\n".join(
        f"  {line}" for line in f'    {{"widgets": [\n{widgets}\n    ]}}'.splitlines()
    )
    return f"{_HEAD}{body}"


def _widgets(service: Service) -> Iterator[Widget]:
    own = f'"service", "{service.name}", "environment", "${{Environment}}"'
    if service.has_api:
        api = '"ApiId", "${Api}"'
        counts = tuple(f'"AWS/ApiGateway", "{name}", {api}' for name in ("Count", "4xx", "5xx"))
        yield Widget("Requests", counts)
        yield Widget("Latency, ms", _percentiles(f'"AWS/ApiGateway", "Latency", {api}'), "p99")
    yield Widget("Errors nobody expected", (f'"Tradewind", "Fault", {own}',))
    yield from _with_an_alarm_by_hand(service, own)
    if service.consumers:
        yield from _of_the_consumers(service, own)
    if service.consumers:
        metric = '"AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName"'
        waiting = tuple(f'{metric}, "${{{each}Queue.QueueName}}"' for each in service.consumers)
        yield Widget("Oldest message of each queue, s", waiting, "Maximum")
    if any(map(service.sends_mails, service.functions)):
        yield Widget("Mails not taken", (f'"Tradewind", "EmailFailed", {own}',))
    if service.dead_letters:
        metric = '"AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName"'
        queues = tuple(
            f'{metric}, "${{{name}DeadLetterQueue.QueueName}}"' for name in service.dead_letters
        )
        yield Widget("Dead letters", queues, "Maximum")
    if service.has_relay:
        age = f'"AWS/Lambda", "IteratorAge", "FunctionName", "${{{RELAY}Function}}"'
        yield Widget(
            "Relay: events published, milliseconds behind",
            (
                f'"Tradewind", "EventPublished", {own}',
                f'{age}, {{"stat": "Maximum", "yAxis": "right"}}',
            ),
        )
    if service.has_table:
        names = (
            "ConsumedReadCapacityUnits",
            "ConsumedWriteCapacityUnits",
            "ReadThrottleEvents",
            "WriteThrottleEvents",
        )
        table = tuple(f'"AWS/DynamoDB", "{name}", "TableName", "${{Table}}"' for name in names)
        yield Widget("Table: capacity used, throttles", table)
    if tasks := service.tasks:
        called = [f"{service.name}.{service.use_case(name)}" for name in tasks]
        task = f'"Tradewind", "Task", {own}, "task"'
        yield Widget("Tasks", tuple(f'{task}, "{name}", "outcome", "done"' for name in called))


def _with_an_alarm_by_hand(service: Service, own: str) -> Iterator[Widget]:
    """An alarm by hand whose metadata say what its chart is called has one."""
    for name, properties in service.of(ALARM).items():
        if title := service.resources[name].get("Metadata", {}).get("Chart"):
            metric = f'"{properties["Namespace"]}", "{properties["MetricName"]}", {own}'
            yield Widget(title, _percentiles(metric), "p99")


def _of_the_consumers(service: Service, own: str) -> Iterator[Widget]:
    consumers = [
        f'{own}, "consumer", "{service.dead_letters[each]}"' for each in service.consumers
    ]
    outcomes = ("EventHandled", "EventFailed", "EventGivenUp")
    counts = tuple(f'"Tradewind", "{name}", {each}' for each in consumers for name in outcomes)
    yield Widget("Events handled, failed and given up", counts)
    ages = tuple(f'"Tradewind", "EventAge", {each}' for each in consumers)
    yield Widget("Age of events when they are handled, ms", ages, "p99")


def _percentiles(metric: str) -> tuple[str, ...]:
    return tuple(f'{metric}, {{"stat": "{each}"}}' for each in ("p50", "p99"))
