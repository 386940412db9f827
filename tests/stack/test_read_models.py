"""What is kept beside the truth follows it: summaries by events, product details at once."""

import pytest

from tools.lab.support.shop import eventually


@pytest.mark.row("CQR-04")
def test_a_customers_summary_follows_their_order(shop, customer, product):
    path = f"/api/v1/customers/{customer.id}/summary"
    assert customer.get(path).json()["data"]["orders"] == 0
    placed = customer.place((product(stock=5, price=700), 2))
    assert placed.status_code == 201

    found = eventually(
        lambda: customer.data(path), lambda data: data["completed"] == 1, "a completed order"
    )
    assert (found["orders"], found["open"]) == (1, 0)
    assert [money["amount"] for money in found["spent"]] == [1_400]
    assert shop.new_customer().get(path).status_code == 404
    assert shop.admin.get(path).json()["data"] == found


@pytest.mark.row("CAC-03")
def test_product_details_show_every_write_at_once(shop, product):
    product_id = product(stock=7, price=1_000)
    path = f"/api/v2/products/{product_id}/details"
    for overview in ("one", "two", "three"):
        change = {"overview": overview}
        patched = shop.admin.request("PATCH", f"/api/v2/products/{product_id}", json=change)
        assert patched.status_code == 200, patched.text
        shown = shop.http.get(path).json()["data"]
        assert (shown["overview"], shown["stock"]) == (overview, {"available": 7})
    assert [point["amount"] for point in shown["price_history"]] == [1_000]
