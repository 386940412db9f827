"""Batches are spelled out for the emulator, and nothing else is granted."""

from typing import Any

import pytest

from tools.local.batch_actions import name_batch_actions

pytestmark = pytest.mark.row("OPS-03")


def role(*actions: Any) -> dict[str, Any]:
    statements = [{"Effect": "Allow", "Action": each, "Resource": "*"} for each in actions]
    policies = [{"PolicyDocument": {"Statement": statements}}]
    return {
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": policies}},
            "Other": {"Type": "AWS::SQS::Queue", "Properties": {}},
        }
    }


def granted(template: dict[str, Any]) -> list[Any]:
    (policy,) = template["Resources"]["Role"]["Properties"]["Policies"]
    return [statement["Action"] for statement in policy["PolicyDocument"]["Statement"]]


def test_a_right_to_one_is_a_right_to_ten() -> None:
    before = role("sqs:SendMessage", ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "ses:SendEmail")
    assert granted(name_batch_actions(before)) == [
        ["sqs:SendMessage", "sqs:SendMessageBatch"],
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:DeleteMessageBatch"],
        ["ses:SendEmail"],
    ]
    assert granted(before)[0] == "sqs:SendMessage"


def test_a_role_without_policies_is_left_alone() -> None:
    template = {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {}}}}
    assert name_batch_actions(template) == template


def test_who_a_mail_is_from_is_asked_where_the_emulator_tells() -> None:
    before = role("ses:SendEmail")
    (policy,) = before["Resources"]["Role"]["Properties"]["Policies"]
    asked = {"ses:FromAddress": "no-reply@tradewind.example"}
    policy["PolicyDocument"]["Statement"][0]["Condition"] = {"StringEquals": asked}
    (made,) = name_batch_actions(before)["Resources"]["Role"]["Properties"]["Policies"]
    found = made["PolicyDocument"]["Statement"][0]["Condition"]
    assert found == {"StringEqualsIfExists": asked}
