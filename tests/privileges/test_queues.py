"""Who may do what with which queue: nobody with all that are called alike."""

import json
import re
from collections import defaultdict

import pytest

from tools.lab.privileges.granted import Grant, granted
from tools.lab.privileges.symbols import System
from tools.local.templates import alternatives

pytestmark = pytest.mark.row("OPS-05")
SYSTEM = System()
GRANTS = [each for each in granted(SYSTEM)[0] if each.action.startswith("sqs:")]
QUEUES = {
    f"arn:aws:sqs:eu-west-1:000000000000:{stack}-{logical_id}"
    for stack, template in SYSTEM.translated.items()
    for logical_id, resource in template["Resources"].items()
    if resource["Type"] == "AWS::SQS::Queue"
}
DEAD_LETTERS = {each for each in QUEUES if each.endswith("DeadLetterQueue")}

ROLE = 10_240
"""IAM: characters in all policies that a role holds itself, white space aside."""
LONGEST = len("arn:aws-us-gov:dynamodb:ap-southeast-99:000000000000:table/") + 80
"""An ARN with a name of 80 characters: the most that SQS takes, and CloudFormation keeps to."""
ARN = re.compile(r"arn:[^\",]*")


def allowed(function: str, action: str) -> set[str]:
    return {
        resource
        for each in GRANTS
        if (each.function, each.action) == (function, action)
        for resource in each.resource.split(",")
    }


def test_no_right_is_for_more_than_exact_queues() -> None:
    assert len(QUEUES) > 30
    named = {resource for each in GRANTS for resource in each.resource.split(",")}
    assert named - QUEUES == set()


def test_an_operator_s_function_reaches_every_queue_of_every_context() -> None:
    working = QUEUES - DEAD_LETTERS
    for function in ("operations/replay_events", "operations/redrive_dead_letters"):
        assert allowed(function, "sqs:SendMessage") == working
    for action in ("GetQueueAttributes", "ReceiveMessage", "ChangeMessageVisibility"):
        reached = allowed("operations/redrive_dead_letters", f"sqs:{action}")
        assert reached == DEAD_LETTERS
    assert allowed("operations/redrive_dead_letters", "sqs:DeleteMessage") == DEAD_LETTERS


def test_what_a_role_may_do_fits_into_it() -> None:
    """With the longest names that there can be: an environment is called as its owner likes."""
    sizes: dict[str, int] = defaultdict(int)
    for stack, template in SYSTEM.translated.items():
        for logical_id, resource in template["Resources"].items():
            if resource["Type"] == "AWS::IAM::Role":
                for policy in alternatives(resource["Properties"].get("Policies", [])):
                    sizes[f"{stack}/{logical_id}"] += size(stack, policy["PolicyDocument"])
    assert len(sizes) > 50
    assert {name: each for name, each in sizes.items() if each > ROLE} == {}
    assert max(sizes, key=lambda name: sizes[name]) == "operations/RedriveDeadLettersFunctionRole"


def size(stack: str, document: object) -> int:
    """Return how long a policy is once its references are resolved."""
    text = json.dumps(resolved(stack, document), separators=(",", ":"))
    return len(ARN.sub("x" * LONGEST, text.replace(",arn:", '","arn:')))


def resolved(stack: str, value: object) -> object:
    match value:
        case {"Fn::If": [_, dict(then), _]} if "Effect" in then:
            return resolved(stack, then)
        case dict() if len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref")):
            return SYSTEM.value(stack, value)
        case dict():
            return {name: resolved(stack, each) for name, each in value.items()}
        case list():
            return [resolved(stack, each) for each in value]
    return value


def test_a_queue_more_or_less_is_seen() -> None:
    """The comparisons above are of sets that are not empty, and a wildcard is in neither."""
    assert Grant("orders/fail_order", "sqs:ChangeMessageVisibility", "*") not in GRANTS
    assert allowed("orders/fail_order", "sqs:ChangeMessageVisibility") == {
        "arn:aws:sqs:eu-west-1:000000000000:orders-FailOrderQueue"
    }
