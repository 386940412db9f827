"""The comparison can fail: each kind of mistake in a policy is planted and has to be found."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.check.resources import translate
from tools.check.tiers import TIERS, Tier
from tools.lab.privileges import __main__ as privileges
from tools.lab.privileges.__main__ import check
from tools.lab.privileges.compare import Comparison, compare
from tools.lab.privileges.granted import Grant, granted
from tools.lab.privileges.symbols import System
from tools.lab.privileges.used import UNKNOWN, Use, used
from tools.lab.support import call_record

pytestmark = pytest.mark.row("OPS-05")
Statements = list[dict[str, Any]]
LIST = "orders/list_my_orders"
TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/orders-Table"
BEFORE = System()


def as_granted() -> list[Use]:
    """Return uses that are just what the templates grant today."""
    own, _ = granted(BEFORE)
    return [
        Use(each.function, each.action, resource.replace("*", "x"))
        for each in own
        for resource in each.resource.split(",")
    ]


def compared(change: Callable[[Statements], None], uses: list[Use] | None = None) -> Comparison:
    """Compare *uses* with the templates after *change* to one function's statements."""
    system = System()
    template = copy.deepcopy(BEFORE.templates["orders"])
    properties = template["Resources"]["ListMyOrdersFunction"]["Properties"]
    change(properties["Policies"][0]["Statement"])
    system.templates["orders"] = template
    system.translated = BEFORE.translated | {"orders": translate(template)}
    own, platform = granted(system)
    return compare(own, platform, as_granted() if uses is None else uses)


def actions(statements: Statements, action: str) -> list[str]:
    """Return the list that holds *action*."""
    for statement in statements:
        if isinstance(statement["Action"], str):
            statement["Action"] = [statement["Action"]]
        if action in statement["Action"]:
            found: list[str] = statement["Action"]
            return found
    raise AssertionError(f"{action} is granted nowhere")


def test_what_is_granted_and_used_holds() -> None:
    outcome = compared(lambda _: None)
    assert (outcome.unused, outcome.missing, outcome.baseless) == ([], [], [])
    assert outcome.holds
    assert outcome.grants > 100


def test_one_action_too_many() -> None:
    delete = "dynamodb:DeleteItem"
    outcome = compared(lambda all_: actions(all_, "dynamodb:PutItem").append(delete))
    assert [(g.function, g.action, g.resource) for g in outcome.unused] == [
        (LIST, "dynamodb:DeleteItem", TABLE)
    ]
    assert not outcome.holds


def test_one_action_too_few() -> None:
    outcome = compared(lambda all_: actions(all_, "dynamodb:PutItem").remove("dynamodb:PutItem"))
    assert outcome.missing == [Use(LIST, "dynamodb:PutItem", TABLE)]
    assert not outcome.holds


def test_a_wrong_index() -> None:
    def change(statements: Statements) -> None:
        for statement in statements:
            if "index/GSI1" in str(statement["Resource"]):
                statement["Resource"] = {"Fn::Sub": "${Table.Arn}/index/GSI9"}

    outcome = compared(change)
    assert Use(LIST, "dynamodb:Query", f"{TABLE}/index/GSI1") in outcome.missing
    assert f"{TABLE}/index/GSI9" in {grant.resource for grant in outcome.unused}


def test_an_index_grants_nothing_on_its_table_and_a_table_nothing_on_its_index() -> None:
    uses = [*as_granted(), Use(LIST, "dynamodb:Query", TABLE)]
    assert compared(lambda _: None, uses).missing == [Use(LIST, "dynamodb:Query", TABLE)]


def test_another_service_s_table() -> None:
    foreign = Use(LIST, "dynamodb:PutItem", TABLE.replace("orders", "payments"))
    assert compared(lambda _: None, [*as_granted(), foreign]).missing == [foreign]


def test_a_list_is_one_grant_and_covers_what_is_in_it_alone() -> None:
    """Whoever operates the system names one of the queues."""
    grant = Grant(LIST, "sqs:SendMessage", "arn:one,arn:two")
    used = Use(LIST, "sqs:SendMessage", "arn:two")
    assert compare([grant], [], [used]).holds
    assert compare([grant], [], [used, used]).unused == []
    for other in ("arn:three", "arn:one,arn:two", "arn:on"):
        wrong = compare([grant], [], [Use(LIST, "sqs:SendMessage", other)])
        assert (len(wrong.unused), len(wrong.missing)) == (1, 1)


def test_a_use_nobody_can_place_needs_the_action_and_proves_no_grant() -> None:
    kept = [use for use in as_granted() if (use.function, use.action) != (LIST, "dynamodb:Query")]
    outcome = compared(lambda _: None, [*kept, Use(LIST, "dynamodb:Query", UNKNOWN)])
    assert outcome.missing == []
    assert {grant.action for grant in outcome.unused} == {"dynamodb:Query"}
    stranger = Use(LIST, "dynamodb:Scan", UNKNOWN)
    assert compared(lambda _: None, [*as_granted(), stranger]).missing == [stranger]


def test_a_managed_policy_for_a_source_that_is_not_there() -> None:
    system = System()
    system.translated = copy.deepcopy(BEFORE.translated)
    role = system.translated["orders"]["Resources"]["ListMyOrdersFunctionRole"]["Properties"]
    role["ManagedPolicyArns"] += [
        "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole",
        "arn:aws:iam::aws:policy/AdministratorAccess",
    ]
    outcome = compare(*granted(system), as_granted())
    assert {each.name for each in outcome.baseless} == {
        "AWSLambdaSQSQueueExecutionRole",
        "AdministratorAccess",
    }


SECRET = ("gateway/get_product_details", "secretsmanager:GetSecretValue", "CacheRedisSecret")
REDIS = [use for use in as_granted() if (use.function, use.action) == SECRET[:2]]


def test_a_grant_of_a_tier_that_was_skipped_is_left_out() -> None:
    (tier,) = (tier for tier in TIERS if tier.name == "redis")
    assert tier.grants == (SECRET,)
    kept = [use for use in as_granted() if use not in REDIS]
    outcome = compare(*granted(BEFORE), kept, tier.grants)
    assert outcome.holds
    assert [(each.function, each.action) for each in outcome.left_out] == [SECRET[:2]]


def test_where_the_tier_is_there_its_grant_has_to_be_used() -> None:
    outcome = compare(*granted(BEFORE), [use for use in as_granted() if use not in REDIS])
    assert [(each.function, each.action) for each in outcome.unused] == [SECRET[:2]]
    assert not outcome.holds


def test_a_skipped_tier_excuses_no_grant_of_another() -> None:
    kept = [use for use in as_granted() if use not in REDIS and use.function != LIST]
    outcome = compare(*granted(BEFORE), kept, [SECRET])
    assert {each.function for each in outcome.unused} == {LIST}
    assert not outcome.holds


@pytest.mark.parametrize("declared", [SECRET, (*SECRET[:2], "another"), (LIST, "sns:Publish", "")])
def test_what_a_tier_declares_is_granted_and_used_without_it_by_nobody(
    declared: tuple[str, str, str],
) -> None:
    outcome = compare(*granted(BEFORE), as_granted(), [declared])
    assert [each.function for each in outcome.misplaced] == [declared[0]]
    assert not outcome.holds


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """The record of a run in which all that is granted was used, Redis' share in its tier."""
    lines = [
        {"function": use.function, "action": use.action, "resource": use.resource}
        | {"tiers": "redis" if use in REDIS else ""}
        for use in as_granted()
    ]
    (tmp_path / "1.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return tmp_path


def test_what_only_a_tier_uses_is_known_before_the_tier_is_missing(
    record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(record) == 0
    assert "left out (without redis): gateway/get_product_details" in capsys.readouterr().out
    monkeypatch.setattr(privileges, "TIERS", [Tier("redis", ())])
    assert check(record) == 1
    assert "never used (without redis): gateway/get_product_details" in capsys.readouterr().out


def test_what_a_tier_declares_and_others_use_as_well_is_told(record: Path) -> None:
    text = (record / "1.jsonl").read_text().replace('"tiers": "redis"', '"tiers": ""')
    (record / "1.jsonl").write_text(text)
    assert check(record) == 1


def test_what_was_called_in_a_tier_s_test_is_recorded_as_the_tier_s(
    noted: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(call_record.TIERS, "dynamodb_local,redis")
    noted("GetItem", TableName="t-1")
    assert len(used(BEFORE, tmp_path)) == 1
    assert used(BEFORE, tmp_path, ["redis"]) == set()
    monkeypatch.setenv(call_record.TIERS, "")
    noted("GetItem", TableName="t-1")
    assert len(used(BEFORE, tmp_path, ["redis"])) == 1


def test_no_record_is_a_failure(tmp_path: Path) -> None:
    assert not compare(*granted(BEFORE), used(BEFORE, tmp_path)).holds


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Note a call of `orders/place_order`; return what the record then holds."""
    monkeypatch.setenv(call_record.FOLDER, str(tmp_path))
    monkeypatch.setattr(call_record, "_seen", set())
    environment = {"TABLE_NAME": "t-1", "CATALOG_TABLE_NAME": "t-2", "SERVICE": "t-1"}

    def note(operation: str, **sent: Any) -> list[Any]:
        known = ("orders/place_order", "")
        call_record.note("dynamodb", operation, sent, invocation=known, environment=environment)
        assert (tmp_path / f"{os.getpid()}.jsonl").exists()
        return sorted((use.action, use.resource) for use in used(BEFORE, tmp_path))

    return note


def test_every_item_of_a_transaction_needs_its_own_permission(
    noted: Callable[..., list[Any]],
) -> None:
    kinds = ("Put", "Update", "Delete", "ConditionCheck")
    items = [{kind: {"TableName": "t-1"}} for kind in kinds]
    assert noted("TransactWriteItems", TransactItems=items) == [
        (f"dynamodb:{action}", TABLE)
        for action in ("ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem")
    ]


def test_resources_are_named_by_what_led_to_them(noted: Callable[..., list[Any]]) -> None:
    catalog = TABLE.replace("orders", "catalog")
    batch = ("dynamodb:BatchGetItem", catalog)
    query = ("dynamodb:Query", f"{TABLE}/index/GSI1")
    assert noted("BatchGetItem", RequestItems={"t-2": {}}) == [batch]
    assert noted("Query", TableName="t-1", IndexName="GSI1") == [batch, query]
    assert ("dynamodb:GetItem", UNKNOWN) in noted("GetItem", TableName="whose-is-it")
    assert len(noted("GetItem", TableName="whose-is-it")) == 3


def test_what_functions_do_is_theirs_and_what_tests_do_is_nobody_s(tmp_path: Path) -> None:
    """Seen in a process of its own, as the stages start one."""
    command = [sys.executable, "-m", "pytest", "-q", "-k", "asks_everybody"]
    test = "tests/functions/gateway/test_health.py"
    environment = {**os.environ, call_record.FOLDER: str(tmp_path)}
    done = subprocess.run(
        [*command, test], env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    lines = [json.loads(x) for f in tmp_path.glob("*.jsonl") for x in f.read_text().splitlines()]
    assert {line["function"] for line in lines} == {"gateway/ready"}
    assert {line["action"] for line in lines} >= {"dynamodb:GetItem", "events:DescribeEventBus"}
