"""An order from end to end: completed, failed, rejected, cancelled; and everybody agrees."""

import pytest

from tools.lab.support.shop import eventually

pytestmark = [pytest.mark.row("OPS-03"), pytest.mark.row("EVT-02"), pytest.mark.row("EVT-03")]


def payment_of(shop, order_id):
    answer = shop.admin.get(f"/api/v1/payments/{order_id}")
    return answer.json()["data"] if answer.status_code == 200 else None


def notified(customer, kind):
    return eventually(
        lambda: customer.data("/api/v1/notifications")["items"],
        lambda items: any(item["kind"] == kind for item in items),
        f"a notification of {kind}",
    )


def mails_to(shop, customer):
    return [mail for mail in shop.stack.mails() if customer.email in str(mail)]


def test_a_paid_order_completes(shop, customer, product):
    mug = product(stock=10, price=1250)
    placed = customer.place((mug, 3))
    assert placed.status_code == 201
    order = placed.json()["data"]
    assert placed.headers["location"] == f"/api/v1/orders/{order['id']}"
    assert (order["status"], order["outcome"]) == ("pending", "in_progress")
    assert order["total"] == {"amount": 3750, "currency": "EUR"}

    settled = customer.settled(order["id"])
    assert (settled["status"], settled["outcome"]) == ("paid", "completed")
    shop.stock_becomes(mug, available=7, reserved=0, sold=3, received=10)
    payment = payment_of(shop, order["id"])
    assert (payment["status"], payment["net"]["amount"]) == ("succeeded", 3750)
    notified(customer, "order_completed")
    eventually(lambda: mails_to(shop, customer), lambda m: len(m) >= 2, "welcome and confirmation")

    history = customer.data(f"/api/v1/orders/{order['id']}/history")["items"]
    types = [event["type"] for event in history]
    assert types[0] == "order.placed"
    assert types[-1] == "order.completed"
    assert [event["version"] for event in history] == list(range(1, len(history) + 1))


def test_a_declined_card_fails_the_order_and_gives_the_stock_back(shop, customer, product):
    mug = product(stock=5)
    order_id = customer.place((mug, 2), card="pm_card_chargeDeclined").json()["data"]["id"]
    settled = customer.settled(order_id)
    assert (settled["status"], settled["outcome"]) == ("payment_failed", "failed")
    assert settled["failure"]["reason"]
    shop.stock_becomes(mug, available=5, reserved=0, sold=0, received=5)
    payment = payment_of(shop, order_id)
    assert (payment["status"], payment["net"]["amount"]) == ("failed", 0)
    notified(customer, "order_failed")


def test_an_order_larger_than_the_stock_is_rejected_and_charges_nothing(shop, customer, product):
    mug, cup = product(stock=2), product(stock=50)
    order_id = customer.place((mug, 3), (cup, 1)).json()["data"]["id"]
    settled = customer.settled(order_id)
    assert (settled["status"], settled["outcome"]) == ("rejected", "rejected")
    (short,) = settled["failure"]["shortages"]
    assert (short["product_id"], short["short"]) == (mug, 1)
    assert short["mnemonic"].startswith("TEST_")
    shop.stock_becomes(mug, available=2, reserved=0, sold=0)
    shop.stock_becomes(cup, available=50, reserved=0, sold=0)
    notified(customer, "order_failed")
    assert payment_of(shop, order_id) is None


def test_a_gateway_that_times_out_after_charging_charges_once(shop, customer, product):
    mug = product(stock=5, price=700)
    order_id = customer.place((mug, 1), card="pm_card_timeoutAfterCharge").json()["data"]["id"]
    assert customer.settled(order_id)["outcome"] == "completed"
    assert payment_of(shop, order_id)["net"]["amount"] == 700
    shop.stock_becomes(mug, available=4, sold=1)


@pytest.mark.parametrize(
    ("service", "use_case", "status"),
    [("inventory", "reserve_stock", "pending"), ("payments", "process_payment", "reserved")],
)
def test_cancelling_before_the_payment(shop, customer, product, service, use_case, status):
    mug = product(stock=4)
    with shop.paused(service, use_case):
        order_id = customer.place((mug, 4)).json()["data"]["id"]
        eventually(lambda: customer.order(order_id)["status"], status.__eq__, status)
        cancelled = customer.post(f"/api/v1/orders/{order_id}/cancel", {"reason": "too slow"})
        assert cancelled.status_code == 200, cancelled.text
        assert cancelled.json()["data"]["status"] == "cancelled"
        # While the consumer is paused: afterwards charge and cancellation may pass in any order.
        payment = eventually(
            lambda: payment_of(shop, order_id), lambda found: found is not None, "payment voided"
        )
        assert (payment["status"], payment["amount"]) == ("voided", None)
    notified(customer, "order_cancelled")
    shop.stock_becomes(mug, available=4, reserved=0, sold=0, received=4)
    assert payment_of(shop, order_id) == payment
    assert customer.order(order_id)["outcome"] == "cancelled"


def test_cancelling_a_paid_order_refunds_it_and_returns_the_stock(shop, customer, product):
    mug = product(stock=4, price=999)
    order_id = customer.place((mug, 2)).json()["data"]["id"]
    customer.settled(order_id)
    shop.stock_becomes(mug, available=2, sold=2)
    assert customer.post(f"/api/v1/orders/{order_id}/cancel").status_code == 200
    shop.stock_becomes(mug, available=4, reserved=0, sold=0, received=4)
    refunded = eventually(
        lambda: payment_of(shop, order_id), lambda p: p["status"] == "refunded", "refund"
    )
    assert refunded["net"]["amount"] == 0


@pytest.mark.parametrize(
    ("card", "quantity", "status"),
    [("pm_card_chargeDeclined", 1, "payment_failed"), ("pm_card_visa", 9, "rejected")],
)
def test_a_final_order_cannot_be_cancelled(customer, product, card, quantity, status):
    order_id = customer.place((product(stock=5), quantity), card=card).json()["data"]["id"]
    customer.settled(order_id)
    refused = customer.post(f"/api/v1/orders/{order_id}/cancel")
    assert refused.status_code == 409
    error = refused.json()["error"]
    assert error["code"] == "INVALID_STATE"
    assert error["details"]["current"] == status
    assert error["details"]["expected"]


def test_cancelling_twice_is_refused_but_repeating_the_request_is_not(customer, product):
    order_id = customer.place((product(), 1)).json()["data"]["id"]
    key = {"idempotency-key": f"cancel-{order_id}"}
    first = customer.post(f"/api/v1/orders/{order_id}/cancel", headers=key)
    again = customer.post(f"/api/v1/orders/{order_id}/cancel", headers=key)
    other = customer.post(f"/api/v1/orders/{order_id}/cancel")
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert again.json()["data"] == first.json()["data"]


@pytest.mark.row("MET-04")
def test_an_order_that_waits_is_on_the_operators_list_until_its_end(shop, customer, product):
    mug = product(stock=3)
    path, asked = "/api/v1/orders/stuck", {"older_than": 0, "sort": "-placed_at", "limit": 100}

    def waiting():
        answer = shop.admin.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return {each["id"]: each for each in answer.json()["data"]["items"]}

    with shop.paused("inventory", "reserve_stock"):
        order_id = customer.place((mug, 1)).json()["data"]["id"]
        found = eventually(waiting, lambda orders: order_id in orders, "the order waits")
        assert found[order_id]["waits_for"] == ["inventory.reserved", "inventory.rejected"]
        assert customer.get(path).status_code == 403
    customer.settled(order_id)
    assert order_id not in waiting()
