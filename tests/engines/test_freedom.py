"""What DynamoDB leaves open: old versions, any order, short answers; what it promises holds."""

from typing import Any

import pytest

from tools.lab.engines.shop import ORDERS, Shop, key, number
from tools.lab.simulation.engine.freedom import Freedom
from tools.lab.simulation.world.faults import Fault, Faults, Plan
from tools.lab.simulation.world.replicas import by_seed

OF_A = {
    "KeyConditionExpression": "PK = :p",
    "ExpressionAttributeValues": {":p": {"S": "a"}},
}
TABLE = {"TableName": ORDERS.name}
ONE_TO_THREE = ("1", "2", "3")


def lagging(seconds: float, *, bound: float = 5.0) -> Shop:
    """Return a shop whose copies are *seconds* behind."""
    return Shop(Freedom(behind=lambda: seconds, bound=bound))


def rewritten(shop: Shop) -> None:
    """Write versions 1, 2 and 3 of an item, a second apart, and wait for half a second."""
    for version in (1, 2, 3):
        shop.now += 1.0
        shop.put("a", v=number(version))
    shop.now += 0.5


def version(item: dict[str, Any] | None) -> int:
    return 0 if item is None else int(item["v"]["N"])


@pytest.mark.parametrize(
    ("behind", "seen"), [(0.0, 3), (0.4, 3), (0.6, 2), (1.4, 2), (1.6, 1), (2.6, 0), (99.0, 0)]
)
def test_a_read_shows_what_was_there_so_long_ago(behind: float, seen: int) -> None:
    shop = lagging(behind)
    rewritten(shop)
    assert version(shop.get("a")) == seen
    (found,) = shop.call("Query", **OF_A)["Items"] or (None,)
    assert version(found) == seen
    (found,) = shop.call("Scan")["Items"] or (None,)
    assert version(found) == seen
    batch = {"RequestItems": {ORDERS.name: {"Keys": [key("a")]}}}
    (found,) = shop.engine.call("BatchGetItem", batch)["Responses"][ORDERS.name] or (None,)
    assert version(found) == seen


def test_no_read_is_further_behind_than_the_bound() -> None:
    shop = lagging(99.0, bound=1.0)
    rewritten(shop)
    assert version(shop.get("a")) == 2
    shop.now += 1.0
    assert version(shop.get("a")) == 3


def test_what_asks_for_consistency_or_is_a_transaction_is_never_behind() -> None:
    shop = lagging(99.0)
    rewritten(shop)
    now = {"ConsistentRead": True}
    assert version(shop.call("GetItem", Key=key("a"), **now)["Item"]) == 3
    assert version(shop.call("Query", **OF_A, **now)["Items"][0]) == 3
    assert version(shop.call("Scan", **now)["Items"][0]) == 3
    batch = {"RequestItems": {ORDERS.name: {"Keys": [key("a")], **now}}}
    answer = shop.engine.call("BatchGetItem", batch)
    assert version(answer["Responses"][ORDERS.name][0]) == 3
    get = {"TransactItems": [{"Get": {**TABLE, "Key": key("a")}}]}
    assert version(shop.engine.call("TransactGetItems", get)["Responses"][0]["Item"]) == 3


def test_what_is_gone_is_still_shown_and_what_is_new_is_not() -> None:
    shop = lagging(1.0)
    shop.put("a", "old", v=number(1))
    shop.put("b", "old", v=number(1))
    shop.now += 2.0
    shop.call("DeleteItem", Key=key("a", "old"))
    shop.put("a", "new", v=number(2))
    assert [item["SK"]["S"] for item in shop.call("Query", **OF_A)["Items"]] == ["old"]
    assert [item["SK"]["S"] for item in shop.call("Scan")["Items"]] == ["old", "old"]
    assert shop.get("a", "new") is None
    shop.now += 1.0
    assert [item["SK"]["S"] for item in shop.call("Query", **OF_A)["Items"]] == ["new"]


def test_each_item_is_behind_for_itself() -> None:
    lags = iter([0.0, 9.0, 9.0, 0.0])
    shop = Shop(Freedom(behind=lambda: next(lags), bound=9.0))
    for sort in ("1", "2"):
        shop.put("a", sort, v=number(1))
    for seen in (["1"], ["2"]):
        assert [item["SK"]["S"] for item in shop.call("Query", **OF_A)["Items"]] == seen


def test_a_write_is_never_behind() -> None:
    """Its condition and its sum are about what is there."""
    shop = lagging(99.0)
    rewritten(shop)
    values = {":by": number(1), ":three": number(3)}
    changed = shop.call(
        "UpdateItem",
        Key=key("a"),
        UpdateExpression="SET v = v + :by",
        ConditionExpression="v = :three",
        ExpressionAttributeValues=values,
        ReturnValues="ALL_NEW",
    )
    assert version(changed["Attributes"]) == 4


def batch(shop: Shop, *names: str) -> tuple[list[str], list[str]]:
    """Return what a batch read answers about, and what it leaves."""
    keys = [key(name) for name in names]
    asked = {ORDERS.name: {"Keys": keys, "ConsistentRead": True}}
    answer = shop.engine.call("BatchGetItem", {"RequestItems": asked})
    left = answer["UnprocessedKeys"].get(ORDERS.name, {"Keys": []})
    found = answer["Responses"][ORDERS.name]
    return [item["PK"]["S"] for item in found], [each["PK"]["S"] for each in left["Keys"]]


def test_a_batch_is_answered_in_any_order() -> None:
    shop = Shop(Freedom(shuffle=list.reverse))
    for name in ONE_TO_THREE:
        shop.put(name)
    assert batch(shop, *ONE_TO_THREE) == (["3", "2", "1"], [])


def test_a_batch_ends_where_its_bytes_do_and_answers_about_one_item_at_least() -> None:
    shop = Shop(Freedom(batch_bytes=100))
    for name in ONE_TO_THREE:
        shop.put(name, text={"S": "ü" * 15})  # 30 bytes, 15 characters: 44 with the names and keys
    assert batch(shop, *ONE_TO_THREE) == (["1", "2"], ["3"])
    assert batch(Shop(Freedom(batch_bytes=1)), "1", "2") == ([], [])  # what is not there is small
    shop = Shop(Freedom(batch_bytes=1))
    shop.put("1")
    assert batch(shop, "1", "2") == (["1"], ["2"])


def test_a_page_ends_where_its_bytes_do_and_holds_one_item_at_least() -> None:
    shop = Shop(Freedom(page_bytes=1))
    for sort in ONE_TO_THREE:
        shop.put("a", sort)
    answer = shop.call("Query", **OF_A)
    assert [item["SK"]["S"] for item in answer["Items"]] == ["1"]
    assert answer["LastEvaluatedKey"] == key("a", "1")


def test_seeds_differ_and_all_is_up_to_date_when_faults_are_over() -> None:
    faults = [Faults(Plan(seed=seed)) for seed in range(40)]
    freedoms = [by_seed(each) for each in faults]
    assert len({(each.bound, each.page_bytes, each.batch_bytes) for each in freedoms}) >= 8
    assert any(freedom.behind() > 0.1 for freedom in freedoms)
    assert all(freedom.behind() <= freedom.bound for freedom in freedoms)
    for each in faults:
        each.over = True
    assert {freedom.behind() for freedom in freedoms for _ in range(20)} == {0.0}


def test_an_orderly_run_is_up_to_date_and_answers_batches_backwards() -> None:
    freedom = by_seed(Faults(Plan(at_calls={1: Fault.SLOW})))
    assert freedom.bound == 0.0
    assert freedom.shuffle is list.reverse


@pytest.mark.parametrize("segments", [1, 2, 5])
def test_segments_are_whole_partitions_and_together_the_table(segments: int) -> None:
    shop = Shop()
    everything = [(f"{partition}", sort) for partition in range(12) for sort in ONE_TO_THREE]
    for partition, sort in everything:
        shop.put(partition, sort)
    found = [
        [
            (item["PK"]["S"], item["SK"]["S"])
            for item in shop.call("Scan", Segment=segment, TotalSegments=segments)["Items"]
        ]
        for segment in range(segments)
    ]
    assert sorted(each for part in found for each in part) == sorted(everything)
    partitions = [{partition for partition, _ in part} for part in found]
    assert sum(len(each) for each in partitions) == 12


@pytest.mark.parametrize(
    "asked", [{"Segment": 0}, {"TotalSegments": 2}, {"Segment": 2, "TotalSegments": 2}]
)
def test_a_segment_is_one_of_so_many(asked: dict[str, int]) -> None:
    assert Shop().refusal("Scan", **asked).code == "ValidationException"
