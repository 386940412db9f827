"""What the person on call sees."""

import json
from uuid import uuid4

import pytest

from tools.check.project import template_paths
from tools.lab.support.shop import eventually
from tools.local.templates import load_template


def parsed(shop):
    lines = []
    for line in shop.stack.logs():
        try:
            found = json.loads(line.message)
        except ValueError:
            continue
        if isinstance(found, dict) and "message" in found:
            lines.append(found)
    return lines


@pytest.mark.row("LOG-02")
def test_a_correlation_id_travels_from_the_request_to_every_consumer(shop, customer, product):
    story = f"story-{uuid4()}"
    mug = product(stock=1000)
    body = {
        "lines": [{"product_id": mug, "quantity": 1}],
        "payment_method": "pm_card_visa",
    }
    placed = customer.post("/api/v1/orders", body, headers={"x-correlation-id": story})
    customer.settled(placed.json()["data"]["id"])

    def consumers():
        # The emulator may hand a function's last lines over only with its next invocation.
        customer.settled(customer.place((mug, 1)).json()["data"]["id"])
        lines = [line for line in parsed(shop) if line.get("correlation_id") == story]
        return {line["consumer"] for line in lines if "consumer" in line}

    eventually(
        consumers,
        {
            "inventory.reserve_stock",
            "inventory.commit_stock",
            "payments.process_payment",
            "orders.record_reservation",
            "orders.finalize_order",
            "notifications.notify_on_event",
        }.issubset,
        "every consumer logs the story",
    )
    lines = [line for line in parsed(shop) if line.get("correlation_id") == story]
    assert all(line["trace_id"] for line in lines)
    # API Gateway starts a trace for the authorizer beside that of the request.
    assert len({line["trace_id"] for line in lines if line["service"] != "identity"}) == 1
    for line in lines:
        assert line["request_id"]
        assert line["function_name"]
        assert "cold_start" in line


@pytest.mark.row("API-08")
def test_health_and_readiness(shop):
    alive = shop.http.get("/health")
    assert (alive.status_code, alive.json()["data"]["status"]) == (200, "ok")
    ready = shop.http.get("/health/ready")
    assert ready.status_code == 200, ready.text
    dependencies = ready.json()["data"]["dependencies"]
    assert {each["status"] for each in dependencies} == {"ok"}
    keeping = {
        f"{path.parent.name}-table"
        for path in template_paths()
        if "TableName" in load_template(path).get("Outputs", {})
    }
    first, *tables = [each["name"] for each in dependencies]
    assert first == "event-bus"
    assert sorted(tables) == sorted(keeping)
    assert all(each["latency_ms"] >= 0 for each in dependencies)


@pytest.mark.row("SEC-02")
def test_the_public_keys_are_published(shop):
    answer = shop.http.get("/.well-known/jwks.json")
    assert answer.status_code == 200
    (key, *_) = answer.json()["keys"]
    assert (key["kty"], key["crv"], key["use"]) == ("OKP", "Ed25519", "sig")
    assert "d" not in key
