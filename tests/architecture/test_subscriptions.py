"""Every consumer has its rule, every rule its consumer, and what cannot be delivered is kept."""

import ast
from pathlib import Path
from typing import Any

import pytest

from shared.platform.events.patterns import check, matches
from shared.platform.runtime.settings import Settings
from tests.support.memory_bus import RULE, rules
from tools.check.project import ROOT, handlers, template_paths
from tools.lab.support.bus_events import bus_event, detail
from tools.local.templates import load_template

pytestmark = [pytest.mark.row("EVT-03"), pytest.mark.row("EVT-05")]


def subscriptions(handler: Path) -> tuple[str, set[str]] | None:
    """Name and event types of the consumer in a handler; ``None`` if there is none."""
    name, context, types = "", "", set()
    for node in ast.walk(ast.parse(handler.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and [each.name for each in node.names] == ["wiring"]:
            context = str(node.module).removeprefix("shared.")
        if isinstance(node, ast.Call):
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            if isinstance(node.func, ast.Name) and node.func.id == "Consumer":
                (name,) = texts
                assert ast.unparse(node.args[0]) == "wiring"
            elif isinstance(node.func, ast.Attribute) and node.func.attr == "on":
                types.update(texts)
    return (f"{context}.{name}", types) if name else None


CONSUMERS = {
    "/".join(path.parts[-3:-1]): found for path in handlers() if (found := subscriptions(path))
}
TARGETS = [
    (resource, target, load_template(path)["Resources"], path.parent.name)
    for path in template_paths()
    for resource in load_template(path)["Resources"].values()
    if resource["Type"] == RULE
    for target in resource["Properties"]["Targets"]
]


def test_every_consumer_has_one_rule_for_exactly_what_it_handles() -> None:
    assert len(CONSUMERS) >= 10
    for folder, (name, types) in CONSUMERS.items():
        assert name == folder.replace("/", ".")
        (rule,) = (each for each in rules() if each.consumer == name)
        assert set(rule.pattern["detail-type"]) == types
    assert {rule.consumer for rule in rules()} == {name for name, _ in CONSUMERS.values()}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.consumer)
def test_a_rule_uses_only_what_the_bus_in_memory_understands(rule: Any) -> None:
    check(rule.pattern)


@pytest.mark.parametrize("found", TARGETS, ids=[target["Id"] for _, target, _, _ in TARGETS])
def test_what_cannot_be_delivered_or_handled_is_kept(found: Any) -> None:
    rule, target, resources, service = found
    assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] >= 3_600
    queue = target["Arn"]["Fn::GetAtt"][0]
    dead = target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
    redrive = resources[queue]["Properties"]["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [dead, "Arn"]}
    # The consumer gives up, with a reason, just before SQS would without one.
    assert redrive["maxReceiveCount"] == Settings(service=service).max_deliveries
    use_case = target["Id"].partition(".")[2]
    function = "".join(part.capitalize() for part in use_case.split("_")) + "Function"
    variables = resources[function]["Properties"]["Environment"]["Variables"]
    assert variables["DEAD_LETTER_QUEUE_URL"] == {"Ref": dead}
    allowed = [
        resource["Properties"]
        for resource in resources.values()
        if resource["Type"] == "AWS::SQS::QueuePolicy"
    ]
    for name in (queue, dead):
        assert any(policy["Queues"] == [{"Ref": name}] for policy in allowed), name
    assert rule["Properties"]["EventBusName"] == {"Ref": "EventBusName"}


def placed(amount: int, currency: str) -> dict[str, Any]:
    data = {"total": {"amount": amount, "currency": currency}}
    event = detail("order.placed", data, aggregate_type="Order", aggregate_id="o-1")
    return bus_event(event, source="orders")


def test_sales_is_asked_about_every_sale_whatever_its_amount_and_currency() -> None:
    """The bus compares numbers up to five thousand millions: what is large, the function says."""
    (rule,) = (each for each in rules() if each.consumer == "notifications.notify_sales")
    assert set(rule.pattern) == {"source", "detail-type"}
    assert rule.pattern["detail-type"] == ["order.completed"]


def test_a_handler_without_its_rule_would_be_noticed(tmp_path: Path) -> None:
    handler = tmp_path / "handler.py"
    source = (ROOT / "functions/orders/finalize_order/handler.py").read_text("utf-8")
    handler.write_text(source.replace('"payment.succeeded"', '"payment.made"'), "utf-8")
    name, types = subscriptions(handler) or ("", set())
    (rule,) = (each for each in rules() if each.consumer == name)
    assert set(rule.pattern["detail-type"]) != types
    assert not matches(rule.pattern, placed(1, "EUR"))
