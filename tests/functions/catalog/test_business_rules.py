"""Business rules over HTTP, and what they do to products."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.functions.catalog.conftest import SHOPKEEPER, TEAPOT, Service
from tests.support.aws_calls import counted_calls
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import ADMIN, ANONYMOUS, Caller, http_event

pytestmark = pytest.mark.row("VAL-03")

SHORT = {"field": "mnemonic", "kind": "length", "parameters": {"max": 8}}
KITCHEN = {"field": "category", "kind": "enum", "parameters": ["kitchen", "garden"]}
PRICED = {
    "field": "price.amount",
    "kind": "range",
    "parameters": {"min": 500},
    "currency": "GBP",
}
PACKS = {"field": "quantity", "kind": "multiple_of", "parameters": 6}
POT = TEAPOT | {"category": "kitchen", "tags": []}
UNKNOWN = "0190a000-0000-7000-8000-0000000000ff"


class Rules:
    """The functions of the rules."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def add(
        self, body: Any, subject: str = "product", *, caller: Any = ADMIN, key: str | None = None
    ) -> Answer:
        headers = {"idempotency-key": key} if key else {}
        path = f"/api/v1/business-rules/{subject}"
        event = http_event("POST", path, body=body, caller=caller, headers=headers)
        return self.service.send("add_business_rule", event)

    def end(self, rule_id: str, subject: str = "product", *, caller: Any = ADMIN) -> Answer:
        path = f"/api/v1/business-rules/{subject}/{rule_id}/end"
        return self.service.send("end_business_rule", http_event("POST", path, caller=caller))

    def list(self, subject: str = "product", *, caller: Any = SHOPKEEPER, **query: str) -> Answer:
        path = f"/api/v1/business-rules/{subject}"
        event = http_event("GET", path, caller=caller, query=query)
        return self.service.send("list_business_rules", event)

    def ask(
        self, candidate: Any, subject: str = "product", *, caller: Any = SHOPKEEPER, **more: Any
    ) -> Answer:
        path = f"/api/v1/business-rules/{subject}/validate"
        body = {"candidate": candidate, **more}
        event = http_event("POST", path, body=body, caller=caller)
        return self.service.send("validate_against_rules", event)


@pytest.fixture
def rules(service: Service) -> Rules:
    return Rules(service)


def broken(answer: Answer) -> set[tuple[str, ...]]:
    assert (answer.status, answer.code) == (422, "BROKEN_RULES"), answer.json
    errors = answer.json["error"]["errors"]
    assert {error["loc"][0] for error in errors} == {"body"}
    return {tuple(error["loc"][1:]) for error in errors}


def test_a_rule_is_added_once_and_listed(rules: Rules) -> None:
    with counted_calls() as calls:
        first = rules.add(SHORT, key="short")
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
    assert (first.status, first.data | SHORT) == (201, first.data)
    assert first.headers["location"] == "/api/v1/business-rules/product"
    assert (first.data["ends_at"], first.data["starts_at"]) == (None, first.data["added_at"])
    assert rules.add(SHORT, key="short").data == first.data
    second = rules.add(PRICED)
    with counted_calls() as calls:
        page = rules.list(limit="1")
    assert calls.dynamodb == {"Query": 1}
    assert page.data["items"] == [second.data]
    rest = rules.list(limit="1", cursor=page.data["next_cursor"])
    assert (rest.data["items"], rest.data["has_next"]) == ([first.data], False)
    assert rules.list("order_line").data["items"] == []


def test_products_meet_the_rules_of_the_day_in_both_versions(
    rules: Rules, service: Service
) -> None:
    for body in (SHORT, KITCHEN, PRICED):
        assert rules.add(body).status == 201
    assert rules.add(KITCHEN | {"starts_at": "2100-01-01T00:00:00Z", "parameters": ["x"]}).status
    wrong = POT | {
        "mnemonic": "TEAPOT_FOR_TWO",
        "category": "attic",
        "price": {"amount": 4, "currency": "GBP"},
    }
    every = {("mnemonic",), ("category",), ("price", "amount")}
    assert broken(service.v2("POST", body=wrong)) == every
    assert broken(service.create()) == {()}, "what version 1 makes has no category to point at"
    with counted_calls() as calls:
        made = service.v2("POST", body=POT)
    assert made.status == 201
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
    cheap = {"price": {"amount": 400, "currency": "GBP"}}
    assert broken(service.update(made.data["id"], cheap, caller=ADMIN)) == {("price", "amount")}
    path = f"/{made.data['id']}"
    both = cheap | {"category": "attic"}
    answer = service.v2("PATCH", path, both, caller=ADMIN)
    assert broken(answer) == {("price", "amount"), ("category",)}
    assert len(answer.json["error"]["details"]["rules"]) == 2
    assert service.v2("PATCH", path, {"overview": "New."}).status == 200


def test_a_rule_that_came_later_holds_up_no_change_that_it_is_not_about(
    rules: Rules, service: Service
) -> None:
    attic = service.v2("POST", body=POT | {"category": "attic"}).data["id"]
    rules.add(KITCHEN)
    rules.add(PRICED | {"category": "cellar"})
    path = f"/{attic}"
    cheap = {"price": {"amount": 4, "currency": "GBP"}}
    for change in {"overview": "A typo less."}, cheap, {"is_confidential": True}:
        assert service.v2("PATCH", path, change, caller=ADMIN).status == 200, change
    moved = service.v2("PATCH", path, {"category": "cellar"}, caller=ADMIN)
    assert broken(moved) == {("category",), ("price", "amount")}, (
        "under rules that it was not under"
    )


def test_a_product_can_always_be_taken_off_sale(rules: Rules, service: Service) -> None:
    product = service.v2("POST", body=POT).data["id"]
    public = {"field": "is_confidential", "kind": "enum", "parameters": [False]}
    assert rules.add(public).status == 201
    assert service.v2("PATCH", f"/{product}", {"is_confidential": True}).status == 200


def test_an_ended_rule_holds_no_longer(rules: Rules, service: Service) -> None:
    rule = rules.add(KITCHEN).data["id"]
    assert service.create().status == 422
    with counted_calls() as calls:
        ended = rules.end(rule)
    assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
    assert (ended.status, ended.data["ends_at"] is None) == (200, False)
    assert rules.list().data["items"] == [ended.data]
    assert service.create().status == 201
    for subject, rule_id in [("product", rule), ("order_line", rule), ("product", "x")]:
        answer = rules.end(rule_id, subject)
        assert (answer.status, answer.code) == (404, "BUSINESS_RULE_NOT_FOUND")


@pytest.mark.row("VAL-02")
def test_a_candidate_hears_of_all_rules_at_once(rules: Rules, service: Service) -> None:
    ids = {rules.add(body).data["id"] for body in (SHORT, KITCHEN)}
    wrong = POT | {"mnemonic": "TEAPOT_FOR_TWO", "category": "attic"}
    with counted_calls() as calls:
        answer = rules.ask(wrong)
    assert calls.dynamodb == {"GetItem": 1}
    assert (answer.status, answer.data["is_valid"]) == (200, False)
    assert {error["business_rule_id"] for error in answer.data["errors"]} == ids
    assert {(*error["loc"], error["type"]) for error in answer.data["errors"]} == {
        ("body", "candidate", "mnemonic", "length"),
        ("body", "candidate", "category", "enum"),
    }
    assert rules.ask(POT).data == {"is_valid": True, "errors": []}
    assert rules.ask(wrong, at="2026-01-01T00:00:00Z").data["is_valid"] is True
    assert service.table.states("Product#") == []


@pytest.mark.row("VAL-02")
@pytest.mark.parametrize(
    ("subject", "candidate", "wrong"),
    [
        ("product", {}, {("mnemonic",), ("overview",), ("price",), ("category",)}),
        ("product", POT | {"mnemonic": "tea", "more": 1}, {("mnemonic",), ("more",)}),
        ("order_line", {}, {("product_id",), ("quantity",)}),
        ("order_line", {"product_id": "", "quantity": 0}, {("product_id",), ("quantity",)}),
        ("order_line", {"product_id": UNKNOWN, "quantity": "1"}, {("quantity",)}),
    ],
)
def test_what_is_no_candidate_hears_of_everything_too(
    rules: Rules, subject: str, candidate: Mapping[str, Any], wrong: set[Any]
) -> None:
    answer = rules.ask(candidate, subject)
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    found = [error["loc"] for error in answer.json["error"]["errors"]]
    assert {tuple(loc[:2]) for loc in found} == {("body", "candidate")}
    assert {tuple(loc[2:]) for loc in found} == wrong


def test_an_order_line_is_asked_about_as_an_order_would_ask(
    rules: Rules, service: Service
) -> None:
    product, secret = (
        service.create(mnemonic=name, is_confidential=name == "SECRET").data["id"]
        for name in ("OPEN", "SECRET")
    )
    rules.add(PACKS, "order_line")
    with counted_calls() as calls:
        answer = rules.ask({"product_id": product, "quantity": 7}, "order_line")
    assert calls.dynamodb == {"BatchGetItem": 1}
    (error,) = answer.data["errors"]
    assert (error["loc"], error["msg"]) == (
        ["body", "candidate", "quantity"],
        "Must be a multiple of 6.",
    )
    twelve = {"product_id": product, "quantity": 12}
    assert rules.ask(twelve, "order_line").data["is_valid"] is True
    for unknown in (secret, UNKNOWN, "x"):
        answer = rules.ask({"product_id": unknown, "quantity": 6}, "order_line")
        assert (answer.status, answer.code) == (404, "PRODUCT_NOT_FOUND")


@pytest.mark.row("PRM-02")
@pytest.mark.parametrize(
    ("caller", "changing", "reading"),
    [(ANONYMOUS, 401, 401), (Caller(), 403, 403), (SHOPKEEPER, 403, 200), (ADMIN, 201, 200)],
)
def test_who_may(rules: Rules, caller: Any, changing: int, reading: int) -> None:
    made = rules.add(SHORT).data["id"]
    assert rules.add(SHORT, caller=caller).status == changing
    assert rules.end(made, caller=caller).status == min(changing, 403 if changing > 201 else 200)
    assert rules.list(caller=caller).status == reading
    assert rules.ask(POT, caller=caller).status == reading


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        SHORT | {"field": "colour"},
        SHORT | {"kind": "format"},
        SHORT | {"kind": "range"},
        SHORT | {"parameters": None},
        SHORT | {"parameters": {"max": "8"}},
        SHORT | {"parameters": {"max": 8.5}},
        SHORT | {"parameters": {"max": {"max": 8}}},
        SHORT | {"kind": "pattern", "parameters": "("},
        SHORT | {"kind": "enum", "parameters": ["x" * 300]},
        SHORT | {"category": "No Label"},
        SHORT | {"starts_at": "tomorrow"},
        SHORT | {"starts_at": "2026-W01-1T00:00:00Z"},
        SHORT | {"starts_at": "2026-02-30T00:00:00Z"},
        SHORT | {"starts_at": "2026-01-01T00:00:00"},
        SHORT | {"ends_at": "2020-01-01T00:00:00Z"},
        SHORT | {"id": UNKNOWN},
        PRICED | {"currency": None},
        PACKS,
    ],
    ids=str,
)
def test_what_is_no_rule(rules: Rules, body: Any) -> None:
    answer = rules.add(body)
    assert (answer.status, answer.json["success"]) == (422, False)
    assert rules.service.table.items() == []


@pytest.mark.parametrize("subject", ["products", "PRODUCT", "x" * 500])
def test_a_subject_that_is_none(rules: Rules, subject: str) -> None:
    answers = [rules.add(SHORT, subject), rules.list(subject), rules.end(UNKNOWN, subject)]
    assert {answer.status for answer in answers} == {422}


@pytest.mark.row("PAG-03")
def test_rules_are_sorted_by_when_they_were_added_and_not_counted(rules: Rules) -> None:
    for body in (SHORT, KITCHEN):
        rules.add(body)
    fields = [rule["field"] for rule in rules.list(sort="added_at").data["items"]]
    assert fields == ["mnemonic", "category"]
    assert rules.list(sort="field").code == "INVALID_SORT_FIELD"
    assert rules.list(include_total="true").status == 422
    cursor = rules.list(limit="1").data["next_cursor"]
    assert rules.list(limit="1", cursor=cursor, caller=ADMIN).code == "INVALID_CURSOR"


def test_a_rule_that_nothing_can_meet_together_with_another_is_refused(rules: Rules) -> None:
    there = rules.add(SHORT)
    refused = rules.add(SHORT | {"parameters": {"min": 9}})
    assert (refused.status, refused.code) == (422, "RULES_CONTRADICT")
    rule_id = there.data["id"]
    error = refused.json["error"]
    assert error["details"] == {"business_rule_id": rule_id}
    assert [each["field"] for each in error["errors"]] == ["parameters"]
    assert rules.list().data["items"] == [there.data]
    assert rules.end(rule_id).status == 200
    assert rules.add(SHORT | {"parameters": {"min": 9}}).status == 201
