"""watch_open_orders: the age of the oldest open order, on a schedule."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.kernel.clock import from_iso, to_iso
from tests.functions.orders.conftest import Service, rejected, sample
from tests.support.aws_calls import counted_calls

pytestmark = [pytest.mark.row("MET-01"), pytest.mark.row("MET-04")]


def watched(service: Service, capsys: pytest.CaptureFixture[str]) -> tuple[Any, list[float]]:
    """Return what the function answers, and the gauge that it has set."""
    capsys.readouterr()
    answer = service.invoke("watch_open_orders", sample("watch_open_orders"))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[:1] == "{"]
    return answer, [age for line in lines for age in line.get("OldestOpenOrder", [])]


def placed(service: Service, product: str, *, hours: int) -> str:
    """Place an order so many hours ago."""
    order_id: str = service.place((product, 1)).data["id"]
    stored = service.table.get(f"Order#{order_id}", "STATE")
    assert stored is not None
    earlier = to_iso(from_iso(stored["placed_at"]) - timedelta(hours=hours))
    service.table.put(stored | {"GSI2SK": f"{earlier}#{order_id}"})
    return order_id


@pytest.mark.row("OPS-04")
def test_nothing_under_way_is_said_as_well(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    assert watched(service, capsys) == ({"oldest_seconds": 0}, [0.0])


def test_the_oldest_open_order_counts_until_it_ends(
    service: Service, product: str, capsys: pytest.CaptureFixture[str]
) -> None:
    oldest = placed(service, product, hours=3)
    placed(service, product, hours=1)
    answer, (age,) = watched(service, capsys)
    assert 3 * 3_600 <= age < 3 * 3_600 + 300
    assert answer["oldest_seconds"] == round(age)
    service.deliver("fail_order", rejected(oldest))
    _, (age,) = watched(service, capsys)
    assert 3_600 <= age < 3_600 + 300


def test_it_costs_one_query(service: Service, product: str) -> None:
    placed(service, product, hours=1)
    with counted_calls() as calls:
        service.invoke("watch_open_orders", sample("watch_open_orders"))
    assert calls.dynamodb == {"Query": 1}
