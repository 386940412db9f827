"""Limits and capacities that DynamoDB Local does not have, or counts another way."""

from typing import Any

import pytest

from tools.lab.engines.shop import ORDERS, Shop, key, number
from tools.lab.simulation.engine.engine import Refused

KB = 1024


@pytest.fixture
def shop() -> Shop:
    return Shop()


def text(size: int) -> dict[str, Any]:
    return {"S": "x" * size}


def indexed(partition: str) -> dict[str, Any]:
    return {"GSI1PK": {"S": partition}, "GSI1SK": {"S": "1"}}


def test_a_transaction_has_a_hundred_actions_at_most(shop: Shop) -> None:
    puts = [{"Put": {"Item": key(f"{number}")}} for number in range(101)]
    with pytest.raises(Refused, match="ValidationException"):
        shop.transact(*puts)
    assert shop.engine.changes == []
    shop.transact(*puts[:100])
    assert len(shop.engine.changes) == 100


def test_a_transaction_has_four_megabytes_at_most(shop: Shop) -> None:
    puts = [{"Put": {"Item": {**key(f"{it}"), "x": text(399 * KB)}}} for it in range(11)]
    with pytest.raises(Refused, match="4MB"):
        shop.transact(*puts)
    shop.transact(*puts[:10])


def test_an_item_has_400_kilobytes_at_most_however_it_grows(shop: Shop) -> None:
    room = 400 * KB - len("PK" + "a" + "SK" + "STATE" + "x")
    shop.put("a", x=text(room))
    refused = shop.refusal("PutItem", Item={**key("a"), "x": text(room + 1)})
    assert refused.code == "ValidationException"
    values = {":y": number(1)}
    update = {"UpdateExpression": "SET y = :y", "ExpressionAttributeValues": values}
    assert shop.refusal("UpdateItem", Key=key("a"), **update).code == "ValidationException"
    with pytest.raises(Refused) as cancelled:
        shop.transact({"Update": {"Key": key("a"), **update}})
    assert [it["Code"] for it in cancelled.value.reasons or ()] == ["ValidationError"]


def test_a_page_has_a_megabyte_at_most(shop: Shop) -> None:
    for sort in range(5):
        shop.put("a", f"{sort}", x=text(300 * KB))
    pages = []
    start: dict[str, Any] = {}
    while True:
        answer = shop.call(
            "Query",
            KeyConditionExpression="PK = :p",
            ExpressionAttributeValues={":p": {"S": "a"}},
            ProjectionExpression="SK",
            **start,
        )
        pages.append([item["SK"]["S"] for item in answer["Items"]])
        if "LastEvaluatedKey" not in answer:
            break
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    assert pages == [["0", "1", "2"], ["3", "4"]]


@pytest.mark.parametrize(
    ("size", "consistent", "units"),
    [(1, False, 0.5), (1, True, 1), (4 * KB, True, 2), (8 * KB, False, 1.5), (0, True, 1)],
)
def test_reads_cost_a_unit_for_four_kilobytes(
    shop: Shop, size: int, consistent: bool, units: float
) -> None:
    if size:
        shop.put("a", x=text(size))
    answer = shop.call(
        "GetItem", Key=key("a"), ConsistentRead=consistent, ReturnConsumedCapacity="TOTAL"
    )
    assert answer["ConsumedCapacity"] == {"TableName": ORDERS.name, "CapacityUnits": units}


def cost(shop: Shop, **attributes: Any) -> tuple[float, float]:
    answer = shop.call(
        "PutItem", Item={**key("a"), **attributes}, ReturnConsumedCapacity="INDEXES"
    )
    consumed = answer["ConsumedCapacity"]
    index = consumed.get("GlobalSecondaryIndexes", {}).get("GSI1", {"CapacityUnits": 0})
    assert consumed["CapacityUnits"] == consumed["Table"]["CapacityUnits"] + index["CapacityUnits"]
    return consumed["Table"]["CapacityUnits"], index["CapacityUnits"]


def test_writes_cost_a_unit_for_a_kilobyte_and_their_indexes_as_well(shop: Shop) -> None:
    assert cost(shop, x=text(10)) == (1, 0)
    assert cost(shop, x=text(1_500)) == (2, 0)
    assert cost(shop, x=text(10)) == (2, 0), "the larger of before and after"
    assert cost(shop, **indexed("g")) == (1, 1), "a new entry"
    assert cost(shop, **indexed("g")) == (1, 0), "the same entry"
    assert cost(shop, **indexed("h")) == (1, 2), "one removed, one written"
    assert cost(shop) == (1, 1), "one removed"


def test_a_transaction_costs_double(shop: Shop) -> None:
    answer = shop.transact(
        {"Put": {"Item": {**key("a"), "x": text(1_500)}}},
        {"ConditionCheck": {"Key": key("b"), "ConditionExpression": "attribute_not_exists(PK)"}},
        ReturnConsumedCapacity="TOTAL",
    )
    (line,) = answer["ConsumedCapacity"]
    assert (line["CapacityUnits"], line["WriteCapacityUnits"]) == (6, 6)
