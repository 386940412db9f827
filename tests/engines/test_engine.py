"""What the simulator asks of the engine and no other engine can be compared on."""

import math
from typing import Any

import pytest

from tools.lab.engines.shop import ORDERS, Shop, key, number
from tools.lab.simulation.engine.engine import Refused
from tools.lab.simulation.engine.transactions import TOKEN_SECONDS


@pytest.fixture
def shop() -> Shop:
    return Shop()


def indexed(partition: str, sort: str = "1") -> dict[str, Any]:
    return {"GSI1PK": {"S": partition}, "GSI1SK": {"S": sort}}


def test_a_table_is_what_its_template_declares() -> None:
    assert (ORDERS.key.partition, ORDERS.key.sort) == ("PK", "SK")
    indexes = [(it.name, it.projection) for it in ORDERS.indexes]
    assert indexes == [("GSI1", "ALL"), ("GSI2", "KEYS_ONLY"), ("GSI3", "ALL")]
    assert (ORDERS.stream, ORDERS.ttl) == ("NEW_IMAGE", "expires_at")


def test_an_unknown_parameter_is_not_ignored(shop: Shop) -> None:
    with pytest.raises(NotImplementedError, match="KeyConditions"):
        shop.call("Query", KeyConditions={})
    with pytest.raises(NotImplementedError):
        shop.call("UpdateTable", BillingMode="PROVISIONED")


def test_a_change_has_both_images_and_its_record_those_of_the_view(shop: Shop) -> None:
    shop.put("a", n=number(1))
    shop.put("a", n=number(2))
    shop.call("DeleteItem", Key=key("a"))
    changes = shop.engine.changes
    assert [it.name for it in changes] == ["INSERT", "MODIFY", "REMOVE"]
    assert [it.number for it in changes] == [1, 2, 3]
    assert changes[1].old == {**key("a"), "n": number(1)}
    record = changes[1].record()
    assert record["eventName"] == "MODIFY"
    assert record["dynamodb"]["NewImage"] == {**key("a"), "n": number(2)}
    assert "OldImage" not in record["dynamodb"]
    assert record["dynamodb"]["Keys"] == key("a")
    assert record["dynamodb"]["ApproximateCreationDateTime"] == 1_000
    assert "NewImage" not in changes[2].record()["dynamodb"]
    numbers = [it.sequence for it in changes]
    assert numbers == sorted(numbers)
    assert shop.engine.stream(ORDERS.name) == changes


def test_a_write_that_changes_nothing_leaves_no_record(shop: Shop) -> None:
    for _ in range(2):
        shop.put("a", n=number(1))
    shop.call("DeleteItem", Key=key("b"))
    assert len(shop.engine.changes) == 1


def test_a_refused_transaction_leaves_no_trace(shop: Shop) -> None:
    shop.put("b")
    with pytest.raises(Refused) as refused:
        shop.transact(
            {"Put": {"Item": key("a")}},
            {"Put": {"Item": key("b"), "ConditionExpression": "attribute_not_exists(PK)"}},
        )
    assert [it["Code"] for it in refused.value.reasons or ()] == ["None", "ConditionalCheckFailed"]
    assert shop.get("a") is None
    assert len(shop.engine.changes) == 1


def test_the_changes_of_a_transaction_stand_together(shop: Shop) -> None:
    shop.transact(*({"Put": {"Item": key(name)}} for name in "abc"))
    assert [it.key["PK"]["S"] for it in shop.engine.changes] == ["a", "b", "c"]


def test_a_token_has_one_effect_for_ten_minutes(shop: Shop) -> None:
    add = {
        "Update": {
            "Key": key("a"),
            "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": {":one": number(1)},
        }
    }
    for _ in range(3):
        shop.transact(add, ClientRequestToken="t")
    assert shop.get("a")["n"] == number(1)
    with pytest.raises(Refused, match="IdempotentParameterMismatch"):
        shop.transact({"Delete": {"Key": key("a")}}, ClientRequestToken="t")
    shop.now += TOKEN_SECONDS
    shop.transact(add, ClientRequestToken="t")
    assert shop.get("a")["n"] == number(2)


def test_a_token_of_a_refused_transaction_may_be_used_again(shop: Shop) -> None:
    put = {"Put": {"Item": key("a"), "ConditionExpression": "attribute_not_exists(PK)"}}
    shop.put("a")
    with pytest.raises(Refused):
        shop.transact(put, ClientRequestToken="t")
    shop.call("DeleteItem", Key=key("a"))
    shop.transact(put, ClientRequestToken="t")
    assert shop.get("a") == key("a")


def test_an_index_may_lag_and_catch_up(shop: Shop) -> None:
    shop.engine.index_lag(ORDERS.name, "GSI1", 1)
    shop.put("a", **indexed("x"))
    assert shop.in_index("x") == []
    shop.put("b", **indexed("x", "2"))
    assert shop.in_index("x") == ["a"]
    shop.engine.index_lag(ORDERS.name, "GSI1", math.inf)
    shop.put("a", **indexed("y"))
    assert (shop.in_index("x"), shop.in_index("y")) == (["a"], [])
    shop.engine.index_lag(ORDERS.name, "GSI1", 0)
    assert (shop.in_index("x"), shop.in_index("y")) == (["b"], ["a"])
    assert shop.get("a")["GSI1PK"] == {"S": "y"}


def test_an_expired_item_stays_until_it_is_taken(shop: Shop) -> None:
    shop.put("a", expires_at=number(1_500))
    shop.put("b")
    assert shop.engine.due(ORDERS.name) == []
    assert not shop.engine.expire(ORDERS.name, key("a"))
    shop.now = 1_501
    assert shop.get("a") is not None
    assert shop.engine.due(ORDERS.name) == [key("a")]
    assert shop.engine.expire(ORDERS.name, key("a"))
    assert not shop.engine.expire(ORDERS.name, key("a"))
    assert not shop.engine.expire(ORDERS.name, key("b"))
    assert shop.get("a") is None
    record = shop.engine.changes[-1].record()
    assert record["eventName"] == "REMOVE"
    assert record["userIdentity"] == {
        "type": "Service",
        "principalId": "dynamodb.amazonaws.com",
    }
