"""Business rules on the deployed stack: added, met by products and orders, ended."""

from uuid import uuid4

import pytest

pytestmark = pytest.mark.row("VAL-02", "VAL-03")

RULES = "/api/v1/business-rules"


def broken(answer):
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert error["code"] == "BROKEN_RULES"
    assert {each["loc"][0] for each in error["errors"]} == {"body"}
    return {(*each["loc"][1:], each["type"]) for each in error["errors"]}


def test_rules_are_added_met_and_ended(shop, customer):
    """In a category of its own: the rules are for everybody."""
    mark = uuid4().hex[:8]
    category = f"rules-{mark}"

    def added(subject, **rule):
        answer = shop.admin.post(f"{RULES}/{subject}", {"category": category, **rule})
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]

    priced = {"kind": "range", "currency": "GBP", "field": "price.amount"}
    rules = {
        "product": [
            added("product", **priced, parameters={"min": 500}),
            added("product", field="mnemonic", kind="pattern", parameters="RULED_.*"),
        ],
        "order_line": [
            added("order_line", field="quantity", kind="multiple_of", parameters=6),
            added("order_line", field="quantity", kind="range", parameters={"max": 20}),
        ],
    }
    wanted = {
        "mnemonic": f"WILD_{mark.upper()}",
        "overview": "",
        "category": category,
        "price": {"amount": 400, "currency": "GBP"},
    }
    both = {("price", "amount", "range"), ("mnemonic", "pattern")}
    assert broken(shop.admin.post("/api/v2/products", wanted)) == both
    verdict = shop.admin.post(f"{RULES}/product/validate", {"candidate": wanted}).json()["data"]
    inside = {("body", "candidate", *each) for each in both}
    assert {(*each["loc"], each["type"]) for each in verdict["errors"]} == inside
    right = wanted | {"mnemonic": f"RULED_{mark.upper()}", "price": priced_at(600)}
    product = shop.admin.post("/api/v2/products", right).json()["data"]["id"]
    change = {"price": priced_at(499)}
    for version in ("v1", "v2"):
        answer = shop.admin.request("PATCH", f"/api/{version}/products/{product}", json=change)
        assert broken(answer) == {("price", "amount", "range")}

    def place(quantity):
        lines = [{"product_id": product, "quantity": quantity}]
        body = {"lines": lines, "payment_method": "pm_card_visa"}
        return customer.post("/api/v1/orders", body)

    assert broken(place(25)) == {
        ("lines", 0, "quantity", "multiple_of"),
        ("lines", 0, "quantity", "range"),
    }
    line = {"candidate": {"product_id": product, "quantity": 7}}
    verdict = shop.admin.post(f"{RULES}/order_line/validate", line).json()["data"]
    assert [each["msg"] for each in verdict["errors"]] == ["Must be a multiple of 6."]
    assert place(18).status_code == 201

    for subject, made in rules.items():
        for rule in made:
            ended = shop.admin.post(f"{RULES}/{subject}/{rule['id']}/end")
            assert ended.status_code == 200, ended.text
            again = shop.admin.post(f"{RULES}/{subject}/{rule['id']}/end")
            assert again.json()["error"]["code"] == "BUSINESS_RULE_NOT_FOUND"
        listed = shop.admin.data(f"{RULES}/{subject}?limit=2")["items"]
        assert [rule["id"] for rule in listed] == [rule["id"] for rule in reversed(made)]
        assert all(rule["ends_at"] for rule in listed)
    assert place(25).status_code == 201
    assert shop.admin.request("PATCH", f"/api/v2/products/{product}", json=change).json()["data"][
        "price"
    ] == priced_at(499)
    assert customer.post(f"{RULES}/product", {}).status_code == 403
    assert customer.get(f"{RULES}/product").status_code == 403


def priced_at(amount):
    return {"amount": amount, "currency": "GBP"}
