"""The same key: one effect, one answer. Over HTTP, on every POST."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tools.lab.support.shop import PASSWORD

pytestmark = pytest.mark.row("API-03")


def test_the_same_key_places_one_order_and_gives_the_same_answer(customer, product):
    mug, key = product(), str(uuid4())
    first, again = customer.place((mug, 1), key=key), customer.place((mug, 1), key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["data"] == first.json()["data"]
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json()["meta"]["idempotent_replay"] is True
    assert "idempotency-replayed" not in first.headers
    assert len(customer.data("/api/v1/orders")["items"]) == 1


def test_the_same_key_with_another_body_is_refused(customer, product):
    mug, key = product(), str(uuid4())
    customer.place((mug, 1), key=key)
    refused = customer.place((mug, 2), key=key)
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert len(customer.data("/api/v1/orders")["items"]) == 1


def test_another_user_may_use_the_same_key(shop, customer, product):
    mug, key = product(), str(uuid4())
    other = shop.new_customer()
    ids = {who.place((mug, 1), key=key).json()["data"]["id"] for who in (customer, other)}
    assert len(ids) == 2


def test_eight_requests_at_once_with_one_key_place_one_order(customer, product):
    mug, key = product(stock=100), str(uuid4())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: customer.place((mug, 1), key=key), range(8)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({a.json()["data"]["id"] for a in answers if a.status_code == 201}) == 1
    assert len(customer.data("/api/v1/orders")["items"]) == 1


def test_a_refusal_is_not_remembered(shop, customer):
    key = str(uuid4())
    body = {"quantity": -1, "reason": "lost"}
    product_id = shop.new_product(f"REFUSED_{uuid4().hex[:8].upper()}", price=1, stock=0)
    path, headers = f"/api/v1/inventory/{product_id}/adjustments", {"idempotency-key": key}
    assert shop.admin.post(path, body, headers=headers).status_code == 422
    shop.admin.post(path, {"quantity": 5, "reason": "found"})
    assert shop.admin.post(path, body, headers=headers).status_code == 201
    assert shop.stock_of(product_id)["available"] == 4


def test_every_post_answers_a_repetition_with_the_same(shop):
    email = f"twice-{uuid4().hex[:8]}@shop.example"
    product_id = shop.new_product(f"BASE_{uuid4().hex[:8].upper()}", price=1, stock=5)
    order = {
        "lines": [{"product_id": product_id, "quantity": 1}],
        "payment_method": "pm_card_visa",
    }
    product = {
        "mnemonic": f"TWICE_{uuid4().hex[:8].upper()}",
        "overview": "x",
        "price": {"amount": 1, "currency": "EUR"},
    }
    account = {"email": email, "password": PASSWORD, "name": "T"}
    credentials = {"email": email, "password": PASSWORD}
    order_id = shop.admin.post("/api/v1/orders", order).json()["data"]["id"]
    posts = [
        ("/api/v1/auth/register", account),
        ("/api/v1/auth/login", credentials),
        ("/api/v1/products", product),
        (f"/api/v1/inventory/{product_id}/adjustments", {"quantity": 2, "reason": "r"}),
        ("/api/v1/orders", order),
        (f"/api/v1/orders/{order_id}/cancel", {"reason": "r"}),
    ]
    for path, body in posts:
        headers = {"idempotency-key": str(uuid4())}
        first = shop.admin.post(path, body, headers=headers)
        again = shop.admin.post(path, body, headers=headers)
        assert first.status_code in (200, 201), (path, first.text)
        assert again.status_code == first.status_code, (path, again.text)
        before, after = first.json()["data"], again.json()["data"]
        # How long a token is still good is told as of the answer, not as of the log-in.
        assert after.pop("expires_in", 0) <= before.pop("expires_in", 0), path
        assert after == before, path
        assert again.headers["idempotency-replayed"] == "true", path
    assert shop.stock_of(product_id)["received"] == 7
