"""Products and lists over HTTP: versions, cursors, orders, totals."""

import pytest


@pytest.mark.row("API-04")
def test_etag_and_if_match(shop, product):
    path = f"/api/v1/products/{product()}"
    read = shop.admin.get(path)
    tag = read.headers["etag"]
    assert shop.admin.get(path, headers={"if-none-match": tag}).status_code == 304
    change = {"overview": "new"}
    first = shop.admin.request("PATCH", path, json=change, headers={"if-match": tag})
    second = shop.admin.request("PATCH", path, json=change, headers={"if-match": tag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["error"]["code"] == "PRECONDITION_FAILED"
    assert first.headers["etag"] != tag
    assert shop.admin.get(path, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.row("PAG-01", "PAG-03")
@pytest.mark.parametrize(
    "sort", ["created_at", "-created_at", "mnemonic", "-mnemonic", "price", "-price,-mnemonic"]
)
def test_paging_there_and_back_shows_every_product_once(shop, product, sort):
    for _ in range(5):
        product(stock=0)
    field = sort.removeprefix("-").partition(",")[0]
    seen, cursor, pages = [], None, 0
    while True:
        parameters = {"limit": 3, "sort": sort}
        parameters |= {"currency": "GBP"} if field == "price" else {"include_total": "true"}
        if cursor:
            parameters["cursor"] = cursor
        answer = shop.http.get("/api/v1/products", params=parameters)
        assert answer.status_code == 200, answer.text
        data = answer.json()["data"]
        assert "pagination" not in answer.json()["meta"]
        seen += data["items"]
        pages += 1
        last, cursor = data, data["next_cursor"]
        if not data["has_next"]:
            break
    ids = [item["id"] for item in seen]
    assert len(ids) == len(set(ids)) == last.get("total", len(ids))
    values = [item[field] for item in seen]
    if field == "price":  # within a currency, and by name where it is the same
        values = [
            (*sorted(each["price"].items(), reverse=True), each["mnemonic"]) for each in seen
        ]
    assert values == sorted(values, reverse=sort.startswith("-"))

    back: list[str] = [item["id"] for item in last["items"]]
    while last["has_prev"]:
        parameters = {"limit": 3, "sort": sort, "cursor": last["prev_cursor"]}
        parameters |= {"currency": "GBP"} if field == "price" else {}
        last = shop.http.get("/api/v1/products", params=parameters).json()["data"]
        back = [item["id"] for item in last["items"]] + back
    assert back == ids


@pytest.mark.row("PAG-02", "CQR-03")
def test_pages_by_number_and_filters(shop, product):
    for _ in range(3):
        product(stock=0, price=987_654)
    path = "/api/v2/products"
    first = shop.http.get(path, params={"page": 1, "page_size": 2}).json()["data"]
    assert (len(first["items"]), first["page"], first["has_next"]) == (2, 1, True)
    assert first["pages"] == -(-first["total"] // 2)
    deep = shop.http.get(path, params={"page": 1_001, "page_size": 1})
    assert (deep.status_code, deep.json()["error"]["code"]) == (422, "PAGE_TOO_DEEP")
    wanted = {"currency": "EUR", "min_price": 987_654, "max_price": 987_654, "mnemonic": "TEST_"}
    for sort in ("mnemonic", "created_at,id"):
        found = shop.http.get(path, params={**wanted, "sort": sort}).json()["data"]["items"]
        assert len(found) == 3
        assert {item["price"]["amount"] for item in found} == {987_654}


@pytest.mark.row("PAG-03")
def test_changed_and_foreign_cursors_and_unknown_sort_fields(shop, customer, product):
    for _ in range(3):
        product(stock=0)
    path = "/api/v1/products"
    cursor = shop.http.get(path, params={"limit": 1}).json()["data"]["next_cursor"]
    changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    for parameters in (
        {"limit": 1, "cursor": changed},
        {"limit": 1, "cursor": cursor, "sort": "mnemonic"},
        {"limit": 1, "cursor": "%00"},
    ):
        refused = shop.http.get(path, params=parameters)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "INVALID_CURSOR")
    foreign = customer.get("/api/v1/orders", params={"cursor": cursor})
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (422, "INVALID_CURSOR")
    refused = shop.http.get(path, params={"sort": "price;drop"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "INVALID_SORT_FIELD")
    assert "mnemonic" in refused.json()["error"]["details"]["allowed"]


def test_a_limit_out_of_range_is_422(shop):
    for limit in ("0", "-1", "101", "x", "1e3"):
        assert shop.http.get("/api/v1/products", params={"limit": limit}).status_code == 422


def test_a_confidential_product_is_there_only_for_those_who_may_see_it(shop, customer, product):
    hidden = product()
    path = f"/api/v1/products/{hidden}"
    assert shop.admin.request("PATCH", path, json={"is_confidential": True}).status_code == 200
    assert customer.get(path).status_code == 404
    assert shop.http.get(path).status_code == 404
    assert shop.admin.get(path).status_code == 200
    assert customer.place((hidden, 1)).status_code == 404
