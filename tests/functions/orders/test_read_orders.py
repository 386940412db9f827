"""GET /api/v1/orders, /{order_id} and /{order_id}/history."""

import json

import pytest

from tests.functions.orders.conftest import CUSTOMER, STRANGER, Service, reserved, succeeded
from tests.support.aws_calls import counted_calls
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import ADMIN, ANONYMOUS, Caller

UNKNOWN = ("0190a000-0000-7000-8000-00000000dead", "x", "Order#1", "..", "a" * 2_000)


@pytest.mark.row("API-04", "CQR-02")
def test_an_order_is_one_read_and_has_an_entity_tag(service: Service, product: str) -> None:
    order = service.place((product, 2)).data
    service.call("get_order", order["id"])
    with counted_calls() as calls:
        answer = service.call("get_order", order["id"])
    assert calls.dynamodb == {"GetItem": 1}
    assert (answer.status, answer.data) == (200, order)
    assert answer.headers["etag"] == '"1"'
    unchanged = service.call("get_order", order["id"], headers={"if-none-match": '"1"'})
    assert (unchanged.status, unchanged.json) == (304, None)
    service.deliver("record_reservation", reserved(order["id"]))
    moved = service.call("get_order", order["id"], headers={"if-none-match": '"1"'})
    assert (moved.status, moved.data["status"], moved.data["version"]) == (200, "reserved", 2)


@pytest.mark.row("EVT-06", "API-04")
def test_an_order_is_shown_as_it_was_at_a_version(service: Service, product: str) -> None:
    placed = service.place((product, 2)).data
    service.deliver("record_reservation", reserved(placed["id"]))
    held = service.call("get_order", placed["id"]).data
    service.deliver("finalize_order", succeeded(placed["id"]))
    now = service.call("get_order", placed["id"]).data
    for version, then in ((1, placed), (2, held), (4, now)):
        query = {"version": str(version)}
        with counted_calls() as calls:
            shown = service.call("get_order", placed["id"], query=query)
        assert calls.dynamodb == {"Query": 1}
        assert (shown.status, shown.data) == (200, then)
        assert shown.headers["etag"] == f'"{version}"'
        same = {"if-none-match": f'"{version}"'}
        assert service.call("get_order", placed["id"], query=query, headers=same).status == 304
    between = service.call("get_order", placed["id"], query={"version": "3"})
    assert (between.data["status"], between.data["version"]) == ("paid", 3)
    missing = service.call("get_order", placed["id"], query={"version": "5"})
    assert (missing.status, missing.code) == (404, "ORDER_VERSION_NOT_FOUND")
    assert missing.json["error"]["details"] == {
        "order_id": placed["id"], "version": 4, "placed_at": placed["placed_at"],
    }  # fmt: skip


@pytest.mark.row("EVT-06")
def test_an_order_is_shown_as_it_was_at_a_time(service: Service, product: str) -> None:
    placed = service.place((product, 2)).data
    cancelled = service.call("cancel_order", placed["id"], body={}).data
    first, second = service.table.events(f"Order#{placed['id']}")
    times = {"2026-01-01T10:00:00.000Z": first, "2026-01-01T11:00:00.000Z": second}
    for time, event in times.items():
        service.table.put({**event, "occurred_at": time})

    def at(time: str) -> Answer:
        return service.call("get_order", placed["id"], query={"at": time})

    for time in ("2026-01-01T10:00:00Z", "2026-01-01T10:59:59.999Z", "2026-01-01T11:30:00+01:00"):
        assert (at(time).data["status"], at(time).data["version"]) == ("pending", 1)
        assert at(time).data["updated_at"] == "2026-01-01T10:00:00.000Z"
    for time in ("2026-01-01T11:00:00Z", "2099-01-01T00:00:00Z"):
        assert at(time).data["status"] == cancelled["status"] == "cancelled"
    early = at("2026-01-01T09:59:59.999Z")
    assert (early.status, early.code) == (404, "ORDER_VERSION_NOT_FOUND")
    assert "2026-01-01T10:00:00.000Z" in early.json["message"]


@pytest.mark.row("PRM-03")
def test_the_past_of_other_peoples_orders_does_not_exist_either(
    service: Service, product: str
) -> None:
    order_id = service.place((product, 2)).data["id"]
    for query in ({"version": "1"}, {"version": "7"}, {"at": "2020-01-01T00:00:00Z"}):
        refused = service.call("get_order", order_id, caller=STRANGER, query=query)
        missing = service.call("get_order", UNKNOWN[0], caller=STRANGER, query=query)
        assert (refused.status, refused.code) == (missing.status, missing.code)
        assert refused.code == "ORDER_NOT_FOUND"
    assert service.call("get_order", order_id, caller=ADMIN, query={"version": "1"}).status == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"version": "0"}, "version"),
        ({"version": "1.0"}, "version"),
        ({"version": "1" + "0" * 12}, "version"),
        ({"at": "2026-01-01"}, "at"),
        ({"at": "1767225600"}, "at"),
        ({"version": "1", "at": "2026-01-01T00:00:00Z"}, "at"),
        ({"versoin": "1"}, "versoin"),
    ],
)
def test_a_past_that_cannot_be_meant_is_refused(
    service: Service, product: str, query: dict[str, str], field: str
) -> None:
    order_id = service.place((product, 2)).data["id"]
    refused = service.call("get_order", order_id, query=query)
    assert refused.status == 422
    assert [error["field"] for error in refused.json["error"]["errors"]] == [field]


def test_an_id_in_upper_case_is_the_same_id(service: Service, product: str) -> None:
    order = service.place((product.upper(), 2), (product, 1)).data
    assert [(line["product_id"], line["quantity"]) for line in order["lines"]] == [(product, 3)]
    for use_case in ("get_order", "get_order_history"):
        assert service.call(use_case, order["id"].upper()).status == 200
    cancelled = service.call("cancel_order", order["id"].upper(), body={})
    assert (cancelled.status, cancelled.data["id"]) == (200, order["id"])


@pytest.mark.row("PRM-03")
@pytest.mark.parametrize("use_case", ["get_order", "get_order_history"])
def test_other_peoples_orders_do_not_exist_except_for_the_administrator(
    service: Service, product: str, use_case: str
) -> None:
    order_id = service.place((product, 2)).data["id"]
    assert service.call(use_case, order_id).status == 200
    assert service.call(use_case, order_id, caller=ADMIN).status == 200
    granted = Caller(user_id=STRANGER.user_id, grants=("order:admin",))
    assert service.call(use_case, order_id, caller=granted).status == 200
    refused = service.call(use_case, order_id, caller=STRANGER)
    missing = service.call(use_case, UNKNOWN[0], caller=STRANGER)
    assert (refused.status, refused.code) == (missing.status, missing.code)
    assert refused.code == "ORDER_NOT_FOUND"
    assert refused.json["message"].replace(order_id, UNKNOWN[0]) == missing.json["message"]
    assert service.call(use_case, order_id, caller=ANONYMOUS).status == 401


@pytest.mark.parametrize("use_case", ["get_order", "get_order_history", "cancel_order"])
@pytest.mark.parametrize("order_id", UNKNOWN)
def test_what_cannot_be_an_order_is_not_found(
    service: Service, use_case: str, order_id: str
) -> None:
    answer = service.call(use_case, order_id)
    assert (answer.status, answer.code) == (404, "ORDER_NOT_FOUND")


@pytest.mark.row("PAG-01", "PAG-03")
def test_my_orders_are_listed_newest_first_page_by_page(service: Service, product: str) -> None:
    placed = [service.place((product, 1)).data["id"] for _ in range(5)]
    service.place((product, 1), caller=STRANGER)
    service.call("list_my_orders")
    with counted_calls() as calls:
        first = service.call("list_my_orders", query={"limit": "2"})
    assert calls.dynamodb == {"Query": 1}
    pages = [first]
    while pages[-1].data["has_next"]:
        query = {"limit": "2", "cursor": pages[-1].data["next_cursor"]}
        pages.append(service.call("list_my_orders", query=query))
    seen = [order["id"] for page in pages for order in page.data["items"]]
    assert sorted(seen) == sorted(placed)
    times = [order["placed_at"] for page in pages for order in page.data["items"]]
    assert times == sorted(times, reverse=True)
    back = service.call(
        "list_my_orders", query={"limit": "2", "cursor": pages[1].data["prev_cursor"]}
    )
    assert back.data["items"] == first.data["items"]
    assert "total" not in first.data
    up = service.call("list_my_orders", query={"limit": "5", "sort": "placed_at"})
    assert [order["id"] for order in up.data["items"]] == seen[::-1]


@pytest.mark.row("PAG-01")
def test_the_total_is_kept_and_not_counted(service: Service, product: str) -> None:
    for _ in range(3):
        order_id = service.place((product, 1)).data["id"]
    service.call("cancel_order", order_id)  # is still one of the customer's orders
    with counted_calls() as calls:
        answer = service.call("list_my_orders", query={"limit": "1", "include_total": "true"})
    assert calls.dynamodb == {"Query": 1, "BatchGetItem": 1}
    assert answer.data["total"] == 3
    other = service.call("list_my_orders", query={"include_total": "true"}, caller=STRANGER)
    assert (other.data["total"], other.data["items"]) == (0, [])


@pytest.mark.row("PAG-03")
def test_changed_and_foreign_cursors_are_refused(service: Service, product: str) -> None:
    for _ in range(2):
        order_id = service.place((product, 1)).data["id"]
    cursor = service.call("list_my_orders", query={"limit": "1"}).data["next_cursor"]
    for query, caller in (
        ({"cursor": cursor[:-1] + ("A" if cursor[-1] != "A" else "B")}, CUSTOMER),
        ({"cursor": cursor, "sort": "placed_at"}, CUSTOMER),
        ({"cursor": cursor}, STRANGER),
    ):
        answer = service.call("list_my_orders", query=query, caller=caller)
        assert (answer.status, answer.code) == (422, "INVALID_CURSOR")
    answer = service.call("get_order_history", order_id, query={"cursor": cursor})
    assert (answer.status, answer.code) == (422, "INVALID_CURSOR")
    for sort in ("total", "placed_at,status", "status,-placed_at"):
        answer = service.call("list_my_orders", query={"sort": sort})
        assert (answer.status, answer.code) == (422, "INVALID_SORT_FIELD")
        allowed = {"allowed": ["placed_at", "status,placed_at"]}
        assert answer.json["error"]["details"] == allowed


@pytest.mark.row("EVT-01")
def test_the_history_is_the_orders_events_in_one_read(service: Service, product: str) -> None:
    order = service.place((product, 2)).data
    service.deliver("record_reservation", reserved(order["id"]))
    service.deliver("finalize_order", succeeded(order["id"]))
    service.call("get_order_history", order["id"])
    with counted_calls() as calls:
        history = service.call("get_order_history", order["id"]).data["items"]
    assert calls.dynamodb == {"Query": 1}
    assert [(event["version"], event["type"], event["by"]) for event in history] == [
        (1, "order.placed", "customer"),
        (2, "order.reserved", "system"),
        (3, "order.paid", "system"),
        (4, "order.completed", "system"),
    ]
    assert history[0]["data"]["total"] == order["total"]
    assert history[0]["occurred_at"] == order["placed_at"]
    first = service.call("get_order_history", order["id"], query={"limit": "3"}).data
    rest_of = {"limit": "3", "cursor": first["next_cursor"]}
    rest = service.call("get_order_history", order["id"], query=rest_of).data
    assert first["items"] + rest["items"] == history
    assert (rest["has_next"], rest["has_prev"]) == (False, True)


@pytest.mark.row("PRM-03")
def test_who_acted_in_the_shops_name_is_the_shops_business(service: Service, product: str) -> None:
    order = service.place((product, 2)).data
    service.deliver("finalize_order", succeeded(order["id"]))
    service.call("cancel_order", order["id"], body={"reason": "Broken."}, caller=ADMIN)

    def seen(caller: Caller) -> list[tuple[str, str | None]]:
        events = service.call("get_order_history", order["id"], caller=caller).data["items"]
        return [(event["by"], event["actor"]) for event in events]

    assert seen(CUSTOMER) == [
        ("customer", CUSTOMER.user_id),
        ("system", None),
        ("system", None),
        ("staff", None),
    ]
    assert seen(ADMIN) == [
        ("customer", CUSTOMER.user_id),
        ("system", "orders.finalize_order"),
        ("system", "orders.finalize_order"),
        ("staff", ADMIN.user_id),
    ]
    shown = json.dumps(service.call("get_order_history", order["id"]).json)
    assert ADMIN.user_id not in shown
    assert "orders." not in shown
    for use_case in ("get_order", "list_my_orders"):
        shown = json.dumps(
            service.call(use_case, order["id"] if use_case == "get_order" else "").json
        )
        assert ADMIN.user_id not in shown


@pytest.mark.row("PRM-03", "PAG-03")
def test_a_cursor_into_a_history_is_good_for_its_reader_alone(
    service: Service, product: str
) -> None:
    order_id = service.place((product, 2)).data["id"]
    other_id = service.place((product, 2)).data["id"]
    service.deliver("finalize_order", succeeded(order_id))
    cursor = service.call("get_order_history", order_id, query={"limit": "1"}, caller=ADMIN).data[
        "next_cursor"
    ]
    query = {"limit": "1", "cursor": cursor}
    assert service.call("get_order_history", order_id, query=query, caller=ADMIN).status == 200
    demoted = Caller(user_id=ADMIN.user_id)
    for asked, caller in ((order_id, demoted), (order_id, CUSTOMER), (other_id, ADMIN)):
        answer = service.call("get_order_history", asked, query=query, caller=caller)
        assert (answer.status, answer.code) == (422, "INVALID_CURSOR")


@pytest.mark.row("PRM-03", "PAG-03")
def test_a_customers_cursor_lets_nobody_else_into_the_history(
    service: Service, product: str
) -> None:
    order_id = service.place((product, 2)).data["id"]
    service.deliver("finalize_order", succeeded(order_id))
    query = {"limit": "1"}
    query["cursor"] = service.call("get_order_history", order_id, query=query).data["next_cursor"]
    assert service.call("get_order_history", order_id, query=query).status == 200
    stolen = service.call("get_order_history", order_id, query=query, caller=STRANGER)
    assert (stolen.status, stolen.code) == (422, "INVALID_CURSOR")


def test_answers_carry_no_keys_of_the_table(service: Service, product: str) -> None:
    order_id = service.place((product, 2)).data["id"]
    for use_case in ("get_order", "get_order_history", "list_my_orders"):
        answer = service.call(use_case, order_id if use_case != "list_my_orders" else "")
        assert "GSI1PK" not in json.dumps(answer.json)
        assert '"PK"' not in json.dumps(answer.json)


@pytest.mark.row("PAG-02")
def test_my_orders_can_be_leafed_through_by_number(service: Service, product: str) -> None:
    placed = [service.place((product, 1)).data["id"] for _ in range(5)]
    service.call("list_my_orders")
    with counted_calls() as calls:
        pages = [
            service.call("list_my_orders", query={"page": str(number), "page_size": "2"})
            for number in (1, 2, 3, 4)
        ]
    assert calls.dynamodb == {"Query": 4, "BatchGetItem": 4}
    seen = [[order["id"] for order in page.data["items"]] for page in pages]
    assert [len(ids) for ids in seen] == [2, 2, 1, 0]
    assert sorted(id for ids in seen for id in ids) == sorted(placed)
    facts = [
        {name: page.data[name] for name in ("page", "page_size", "pages", "total")}
        for page in pages
    ]
    assert facts == [{"page": n, "page_size": 2, "pages": 3, "total": 5} for n in (1, 2, 3, 4)]
    assert [page.data["has_next"] for page in pages] == [True, True, False, False]
    assert [page.data["has_prev"] for page in pages] == [False, True, True, True]


@pytest.mark.row("PAG-02")
@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ({"page": "51"}, "PAGE_TOO_DEEP", "use the cursor to go further"),
        (
            {"page": "11", "page_size": "100"},
            "PAGE_TOO_DEEP",
            "With pages of 100 items the last page number is 10",
        ),
        ({"page": "9" * 30}, "PAGE_TOO_DEEP", "cursor"),
        ({"page": "1", "cursor": "x"}, "VALIDATION_FAILED", "without cursor"),
        ({"page": "1", "limit": "5"}, "VALIDATION_FAILED", "without cursor and limit"),
        ({"page": "0"}, "VALIDATION_FAILED", ""),
        ({"page_size": "101"}, "VALIDATION_FAILED", "Must be at most 100."),
        ({"page": "1", "status": "paid"}, "VALIDATION_FAILED", "use the cursor"),
        ({"include_total": "true", "status": "paid"}, "VALIDATION_FAILED", "use the cursor"),
    ],
)
def test_pages_that_numbers_do_not_reach(
    service: Service, query: dict[str, str], code: str, words: str
) -> None:
    answer = service.call("list_my_orders", query=query)
    assert (answer.status, answer.code) == (422, code)
    assert words in json.dumps(answer.json)


@pytest.mark.row("CQR-03")
def test_my_orders_by_state_and_time(service: Service, product: str) -> None:
    first, second, third = (service.place((product, 1)).data for _ in range(3))
    service.call("cancel_order", second["id"], body={})

    def shown(*query: tuple[str, str]) -> list[str]:
        asked = {"sort": "placed_at", **dict(query)}
        answer = service.call("list_my_orders", query=asked)
        assert answer.status == 200, answer.json
        return [order["id"] for order in answer.data["items"]]

    assert shown(("status", "cancelled")) == [second["id"]]
    assert set(shown(("status", "pending,paid"))) == {first["id"], third["id"]}
    assert shown(("status", "paid")) == []
    by_status = [first["id"], third["id"]]
    assert shown(("status", "pending"), ("sort", "status")) == by_status
    assert shown(("status", "pending"), ("sort", "-status,-placed_at")) == by_status[::-1]
    assert len(shown(("placed_from", first["placed_at"]))) == 3
    assert shown(("placed_before", first["placed_at"])) == []
    assert shown(("placed_from", "2100-01-01T00:00:00Z"), ("status", "cancelled")) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "x"),
        ("status", "paid,"),
        ("status", "paid\n"),
        ("placed_from", "x"),
        ("placed_before", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_filters_that_are_none(service: Service, name: str, value: str) -> None:
    assert service.call("list_my_orders", query={name: value}).status == 422
