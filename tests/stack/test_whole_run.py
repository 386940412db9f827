"""Runs last: what must hold for everything that the other tests of the stack caused."""

import json
import re

import pytest

from shared.platform.dynamodb.codec import from_item
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from tests.architecture.test_watching import SERVICES as SERVICE_TEMPLATES
from tests.architecture.test_watching import watched
from tests.support.schemas import check
from tools.lab.support.shop import PASSWORD

SERVICES = ("identity", "catalog", "inventory", "orders", "payments", "notifications")
SPINE = {
    "order.placed", "order.reserved", "inventory.reserved", "inventory.rejected",
    "payment.succeeded", "payment.failed", "order.completed", "order.failed", "order.cancelled",
    "inventory.release_requested", "inventory.released", "user.registered", "product.created",
}  # fmt: skip
"""The events that the order's life promises to others."""


@pytest.mark.row("LOG-05")
def test_no_log_line_of_the_whole_run_has_a_password_or_a_token(shop, customer):
    shop.http.post(
        "/api/v1/auth/login", json={"email": customer.email, "password": "wrong-" + PASSWORD}
    )
    shop.http.post(
        "/api/v1/auth/register", json={"email": "x", "password": PASSWORD, "extra": PASSWORD}
    )
    token = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
    lines = shop.stack.logs()
    assert len(lines) > 100
    for line in lines:
        assert PASSWORD not in line.message
        assert not token.search(line.message), line.message
        assert customer.token not in line.message


@pytest.mark.row("LOG-02")
def test_every_log_line_of_the_whole_run_says_what_it_is_about(shop):
    read = (line.message for line in shop.stack.logs() if line.message.startswith("{"))
    said = [line for line in map(json.loads, read) if "message" in line]
    assert len(said) > 100
    by_message: dict[str, list[dict[str, object]]] = {}
    for line in said:
        assert line.keys() >= {"request_id", "correlation_id", "release"}, line
        assert line["cold_start"] == ("init_ms" in line), line
        by_message.setdefault(str(line["message"]), []).append(line)
    for message in ("event published", "event handled"):
        assert len(by_message[message]) > 10
        assert all(line.keys() >= {"event_id", "event_type"} for line in by_message[message])
    assert all("route" in line for line in by_message["caller identified"])


@pytest.mark.row("EVT-01")
def test_every_event_of_the_whole_run_is_as_its_schema_says(shop):
    found: dict[str, int] = {}
    for service in SERVICES:
        pages = (
            shop.stack.client("dynamodb")
            .get_paginator("scan")
            .paginate(TableName=shop.stack.table(service), ConsistentRead=True)
        )
        for item in (item for page in pages for item in page["Items"]):
            if not item["SK"]["S"].startswith("EVENT#"):
                continue
            detail = detail_of(envelope_of(from_item(item)))
            event_type = check(detail)
            found[event_type] = found.get(event_type, 0) + 1
    assert found.keys() >= SPINE
    assert sum(found.values()) > 100


MISHAPS = {"EmailFailed"}
"""What is counted where something fails that the local stack never does: it takes every mail."""


@pytest.mark.row("MET-04")
def test_what_the_dashboards_show_has_been_emitted_in_the_run(shop):
    shown = {
        (metric, *sorted(dimensions))
        for template in SERVICE_TEMPLATES.values()
        for namespace, metric, dimensions in watched(template)
        if namespace == "Tradewind"
    }
    emitted = set()
    for line in shop.stack.logs():
        if '"CloudWatchMetrics"' not in line.message:
            continue
        for each in json.loads(line.message)["_aws"]["CloudWatchMetrics"]:
            for dimensions in each["Dimensions"]:
                emitted.update((m["Name"], *sorted(dimensions)) for m in each["Metrics"])
    assert len(shown) > 5
    assert {metric for metric, *_ in shown - emitted} <= MISHAPS
