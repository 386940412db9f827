"""The benchmark measures answers, not errors, and says what is missed."""

import pytest

from tools.bench import worker
from tools.bench.measure import Measured
from tools.bench.report import Bar, page
from tools.bench.stub import State, answer


def of(cold: float, warm: list[float]) -> Measured:
    run = {"init_cpu": cold, "cold_cpu": cold, "cold_wall": cold, "memory": 5e7}
    return Measured(runs=[{**run, "warm_cpu": warm, "warm_wall": warm}])


def test_a_missed_bar_is_said_to_be_missed() -> None:
    measured = {"ours": of(0.2, [0.001, 0.003, 0.001]), "floor": of(0.3, [0.001])}
    bars = [
        Bar("cold", "ours", "floor", "cold_cpu", 0.7),
        Bar("colder", "ours", "floor", "cold_cpu", 0.6),
        Bar("warm", "ours", "floor", "warm_cpu", 1.0),
    ]
    lines = page(measured, bars, rounds=1, calls=3).splitlines()
    assert "| cold | 0.67 | ≤ 0.7 |  |" in lines
    assert "| colder | 0.67 | ≤ 0.6 | **missed** |" in lines
    assert "| warm | 1.00 | ≤ 1.0 |  |" in lines


@pytest.mark.parametrize(
    "refused", [{"statusCode": 422}, {"batchItemFailures": [{"itemIdentifier": "1"}]}]
)
def test_a_refused_request_is_not_measured(refused: dict[str, object]) -> None:
    with pytest.raises(SystemExit, match="refused"):
        worker.check(refused)


def test_each_call_has_a_key_never_used_before() -> None:
    sample = {"headers": {"idempotency-key": "sample"}}
    keys = {worker.event(sample, n)["headers"]["idempotency-key"] for n in range(3)}
    assert len(keys) == 3


def item(id_: str, sort_key: str) -> dict[str, object]:
    return {"PK": {"S": f"Order#{id_}"}, "SK": {"S": sort_key}, "id": {"S": id_}}


def test_the_stub_answers_with_what_was_kept_under_the_id_asked_for() -> None:
    state = State()
    writes = [{"Put": {"Item": item("a", sort_key)}} for sort_key in ("STATE", "EVENT#1")]
    answer(state, "TransactWriteItems", {"TransactItems": writes})
    key = {"PK": {"S": "Order#b"}, "SK": {"S": "STATE"}}
    assert answer(state, "GetItem", {"Key": key}) == {"Item": item("b", "STATE")}
    query = {"ExpressionAttributeValues": {":pk": {"S": "Order#b"}, ":e": {"S": "EVENT#"}}}
    assert answer(state, "Query", query) == {"Items": [item("b", "EVENT#1")]}


def test_a_frozen_stub_keeps_nothing_more() -> None:
    state = State()
    state.frozen = True
    answer(state, "PutItem", {"Item": item("a", "STATE")})
    assert answer(state, "GetItem", {"Key": item("a", "STATE")}) == {}
