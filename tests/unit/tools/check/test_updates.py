"""An update that would take data away is told before it is deployed; each kind is planted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.check import updates
from tools.check.project import ROOT, stacks
from tools.check.provider_schemas import create_only, replaced_by_a_tag
from tools.check.resources import translate
from tools.local.templates import Template, load_template

NOTIFICATIONS = stacks()["notifications"]


def after(change: Callable[[Template], object]) -> dict[str, Any]:
    """What notifications would have with a change of its template."""
    template = load_template(NOTIFICATIONS)
    change(template)
    return dict(updates.described(translate(template)))


def resource(template: Template, name: str) -> Any:
    return template["Resources"][name]


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    return after(lambda _: None)


def test_nothing_is_lost_where_nothing_changes(before: dict[str, Any]) -> None:
    assert {"Table", "ServiceSecret", "SenderIdentity"} <= before.keys()
    assert updates.problems(before, before) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda t: resource(t, "Table")["Properties"].update(TableName="mails"),
            "Table: AWS::DynamoDB::Table is replaced: TableName changes",
        ),
        (
            lambda t: resource(t, "Table")["Properties"]["KeySchema"].pop(),
            "Table: AWS::DynamoDB::Table is replaced: KeySchema changes",
        ),
        (
            lambda t: t["Resources"].update(Mails=t["Resources"].pop("Table")),
            "Table: AWS::DynamoDB::Table is removed",
        ),
        (
            lambda t: resource(t, "Table").update(Condition="DeploysGradually"),
            "Table: AWS::DynamoDB::Table is replaced: condition changes",
        ),
        (
            lambda t: resource(t, "ServiceSecret")["Properties"].update(Name="cursors"),
            "ServiceSecret: AWS::SecretsManager::Secret is replaced: Name changes",
        ),
        (
            lambda t: resource(t, "ServiceSecret")["Properties"].update(GenerateSecretString={}),
            "ServiceSecret: AWS::SecretsManager::Secret is replaced: GenerateSecretString changes",
        ),
        (
            lambda t: resource(t, "SenderIdentity")["Properties"].update(EmailIdentity="a@b.c"),
            "SenderIdentity: AWS::SES::EmailIdentity is replaced: EmailIdentity changes",
        ),
        (
            lambda t: resource(t, "NotifySalesQueue")["Properties"].update(QueueName="sales"),
            "NotifySalesQueue: AWS::SQS::Queue is replaced: QueueName changes",
        ),
    ],
)
def test_a_planted_loss_is_told(
    before: dict[str, Any], change: Callable[[Template], object], said: str
) -> None:
    assert said in updates.problems(before, after(change))


def test_what_may_change_may_change(before: dict[str, Any]) -> None:
    def change(template: Template) -> None:
        resource(template, "Table")["Properties"]["BillingMode"] = "PROVISIONED"
        resource(template, "Table")["Properties"]["Tags"] = [{"Key": "a", "Value": "b"}]
        resource(template, "ServiceSecret")["Properties"]["Description"] = "other"

    assert updates.problems(before, after(change)) == []


def test_a_deployment_of_flags_that_a_tag_of_the_stack_would_replace_is_told() -> None:
    root = load_template(ROOT / "template.yaml")
    root["Resources"]["FlagsFirstDeployment"] = {
        "Type": "AWS::AppConfig::Deployment",
        "Properties": {"ApplicationId": "a", "ConfigurationVersion": "1"},
    }
    now = dict(updates.described(translate(root)))
    assert updates.problems(now, now) == [
        "FlagsFirstDeployment: AWS::AppConfig::Deployment is replaced by another tag of the stack"
    ]


def test_a_whole_service_or_the_flags_own_resource_cannot_go_unseen() -> None:
    root = load_template(ROOT / "template.yaml")
    known = dict(updates.described(translate(root)))
    del root["Resources"]["FlagsStart"]
    del root["Resources"]["Payments"]
    root["Resources"]["FrontDoor"]["Properties"]["DistributionConfig"]["Origins"].pop()
    found = updates.lost(known, dict(updates.described(translate(root))))
    assert found == {
        "FlagsStart": "Custom::FlagsStart is removed",
        "Payments": "AWS::CloudFormation::Stack is removed",
    }


def test_the_schemas_know_what_the_documentation_says() -> None:
    """Second source: "Update requires: Replacement" of the user guide, looked up by hand."""
    assert "TableName" in create_only("AWS::DynamoDB::Table")
    assert "QueueName" in create_only("AWS::SQS::Queue")
    assert {"Name"} == create_only("AWS::Events::EventBus")
    assert not create_only("AWS::CloudFront::Distribution")
    assert [replaced_by_a_tag(f"AWS::{kind}") for kind in ("DynamoDB::Table", "SQS::Queue")] == [
        False,
        False,
    ]
    assert replaced_by_a_tag("AWS::AppConfig::Deployment")


def test_what_is_recorded_is_taken_up_and_never_dropped_without_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded = tmp_path / "released.json"
    known = updates.read()
    table = {"kind": "AWS::DynamoDB::Table"}
    without = {name: each for name, each in known.items() if name != "orders/Table"}
    recorded.write_text(json.dumps(without | {"orders/Old": table}))
    assert updates.main(["--record"], recorded) == 1
    said = "FAILED orders/Old: AWS::DynamoDB::Table is removed\n"
    assert capsys.readouterr().out == said
    assert "orders/Old" in recorded.read_text()
    assert updates.main([], recorded) == 1
    assert "orders/Table: is new" in capsys.readouterr().out
    assert updates.main(["--record", "--give-up", "orders/Old"], recorded) == 0
    assert updates.read(recorded) == known
