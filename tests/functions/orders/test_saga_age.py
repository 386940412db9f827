"""How old orders are when they come to their end is a metric, and has an alarm."""

import json
from datetime import timedelta

import pytest

from shared.kernel.clock import from_iso, to_iso
from tests.functions.orders.conftest import Service, rejected, reserved, succeeded

pytestmark = pytest.mark.row("MET-04")


def ages(capsys: pytest.CaptureFixture[str]) -> list[float]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line[:1] == "{"]
    return [age for line in lines for age in line.get("SagaAge", [])]


def placed(service: Service, product: str) -> str:
    """Place an order two hours ago."""
    order_id: str = service.place((product, 1)).data["id"]
    (event,) = service.table.events(f"Order#{order_id}")
    earlier = from_iso(event["occurred_at"]) - timedelta(hours=2)
    service.table.put(event | {"occurred_at": to_iso(earlier)})
    return order_id


def test_an_end_tells_the_age_and_nothing_else_does(
    service: Service, product: str, capsys: pytest.CaptureFixture[str]
) -> None:
    paid, refused, cancelled = (placed(service, product) for _ in range(3))
    service.deliver("record_reservation", reserved(paid))
    assert ages(capsys) == []
    service.deliver("finalize_order", succeeded(paid))
    service.deliver("fail_order", rejected(refused))
    service.call("cancel_order", cancelled)
    found = ages(capsys)
    assert len(found) == 3
    assert all(7_200_000 <= age < 7_500_000 for age in found)
    service.call("cancel_order", paid)  # had come to its end before
    assert ages(capsys) == []
