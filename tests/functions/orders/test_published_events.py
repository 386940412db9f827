"""Every event that orders publish keeps to its JSON Schema."""

import copy
from typing import Any

import pytest
from jsonschema import ValidationError

from shared.orders.domain.events import ORDER_EVENTS
from shared.platform.dynamodb.codec import from_item
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from tests.functions.orders.conftest import (
    Service,
    declined,
    rejected,
    reserved,
    sample,
    succeeded,
)
from tests.support.schemas import check


def holds(detail: dict[str, Any]) -> bool:
    """Tell whether *detail*, as JSON carries it, keeps to the schema of its type."""
    try:
        check(detail)
    except ValidationError:
        return False
    return True


def published(service: Service) -> list[dict[str, Any]]:
    return [detail_of(envelope_of(item)) for item in service.table.events()]


@pytest.mark.row("EVT-01")
def test_whatever_is_published_keeps_to_its_schema(service: Service, product: str) -> None:
    paid, failed, refused = (service.place((product, 2)).data["id"] for _ in range(3))
    for order_id in (paid, failed):
        service.deliver("record_reservation", reserved(order_id))
    service.deliver("finalize_order", succeeded(paid))
    service.deliver("fail_order", declined(failed), rejected(refused))
    service.call("cancel_order", paid)
    details = published(service)
    assert {detail["type"] for detail in details} == {event.type for event in ORDER_EVENTS}
    for detail in details:
        check(detail)


@pytest.mark.row("EVT-01")
def test_a_schema_lets_nothing_else_through(service: Service, product: str) -> None:
    service.place((product, 2))
    (detail,) = published(service)
    assert holds(detail)
    for break_it in (
        lambda broken: broken["data"].update(extra=1),
        lambda broken: broken.update(extra=1),
        lambda broken: broken["data"].pop("customer_id"),
        lambda broken: broken["data"]["total"].update(amount=25.9),
        lambda broken: broken["data"].update(lines=[]),
        lambda broken: broken.update(actor=1),
    ):
        broken = copy.deepcopy(detail)
        break_it(broken)
        assert not holds(broken)


@pytest.mark.row("EVT-01")
def test_the_samples_of_the_relay_keep_to_the_schema() -> None:
    for record in sample("relay_events")["Records"]:
        assert holds(detail_of(envelope_of(from_item(record["dynamodb"]["NewImage"]))))
