"""The public HTTP API as typed calls, by one caller."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from tools.shop.api_client.account import Account
from tools.shop.api_client.errors import ApiError
from tools.shop.api_client.models import (
    History,
    HistoryEvent,
    Notification,
    NotificationPage,
    Order,
    Payment,
    Price,
    Product,
    ProductPage,
    Stock,
)
from tools.shop.api_client.transport import Transport

PAGE = 100


class Shop:
    """The API as the holder of *account* sees it, or anybody if there is none.

    Every call raises `ApiError` for a refusal and `Unreachable` when no answer comes. Amounts
    are minor units. Safe to share between threads.
    """

    def __init__(self, transport: Transport, account: Account | None = None) -> None:
        self._transport, self.account = transport, account

    def signed_in(self, email: str, password: str) -> "Shop":
        """Return the shop for another caller; logs in at the first call."""
        return Shop(self._transport, Account(self._transport, email, password))

    def log_in(self) -> None:
        """Log in now rather than at the first call; raises what a wrong password raises."""
        self._token()

    def register(self, email: str, password: str, name: str) -> str:
        """Open a customer account; return the user's id. 409 EMAIL_TAKEN if it exists."""
        body = {"email": email, "password": password, "name": name}
        answer = self._transport.send("POST", "/api/v1/auth/register", body=body)
        user_id: str = answer.data["id"]
        return user_id

    def products(self) -> Iterator[Product]:
        """Yield every product, page by page."""
        cursor: str | None = None
        while True:
            params: dict[str, str | int] = {"limit": PAGE} | ({"cursor": cursor} if cursor else {})
            page = ProductPage.model_validate(self._get("/api/v1/products", params))
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def product(self, product_id: str) -> Product:
        return Product.model_validate(self._get(f"/api/v1/products/{product_id}"))

    def create_product(
        self, mnemonic: str, overview: str, amount: int, currency: str, *, key: str | None = None
    ) -> Product:
        """Add a product; 409 MNEMONIC_TAKEN if there is one of that mnemonic."""
        price = {"amount": amount, "currency": currency}
        body = {"mnemonic": mnemonic, "overview": overview, "price": price}
        return Product.model_validate(self._post("/api/v1/products", body, key))

    def change_price(self, product_id: str, amount: int, currency: str) -> Product:
        """Set the price; it holds for every order placed after this returns."""
        body = {"price": {"amount": amount, "currency": currency}}
        answer = self._transport.send(
            "PATCH", f"/api/v1/products/{product_id}", token=self._token(), body=body
        )
        return Product.model_validate(answer.data)

    def adjust_stock(
        self, product_id: str, quantity: int, reason: str, *, key: str | None = None
    ) -> Stock:
        body = {"quantity": quantity, "reason": reason}
        path = f"/api/v1/inventory/{product_id}/adjustments"
        return Stock.model_validate(self._post(path, body, key))

    def stock(self, product_id: str) -> Stock:
        """Return the product's stock; all zero where nothing was ever delivered."""
        try:
            return Stock.model_validate(self._get(f"/api/v1/inventory/{product_id}"))
        except ApiError as error:
            if error.code != "STOCK_NOT_FOUND":
                raise
            return Stock(product_id=product_id, available=0, reserved=0, sold=0, received=0)

    def place_order(
        self,
        lines: Sequence[tuple[str, int]],
        payment_method: str | None = None,
        *,
        expected: Price | None = None,
        key: str | None = None,
    ) -> Order:
        """Order the given quantities of products, at their prices of this moment.

        422 PAYMENT_METHOD_REQUIRED when they cost something and none is named; what costs nothing
        needs none, and keeps none.

        409 PRICE_CHANGED when the total is another than the one *expected*.
        """
        body = {
            "lines": [{"product_id": product, "quantity": n} for product, n in lines],
            "payment_method": payment_method,
            "expected_total": expected.model_dump() if expected else None,
        }
        return Order.model_validate(self._post("/api/v1/orders", body, key))

    def order(self, order_id: str) -> Order:
        return Order.model_validate(self._get(f"/api/v1/orders/{order_id}"))

    def history(self, order_id: str) -> Sequence[HistoryEvent]:
        """Return the order's events, oldest first."""
        return History.model_validate(self._get(f"/api/v1/orders/{order_id}/history")).items

    def cancel_order(self, order_id: str, reason: str, *, key: str | None = None) -> Order:
        path = f"/api/v1/orders/{order_id}/cancel"
        return Order.model_validate(self._post(path, {"reason": reason}, key))

    def payment(self, order_id: str) -> Payment | None:
        """Return the order's payment; None if none was ever tried."""
        try:
            return Payment.model_validate(self._get(f"/api/v1/payments/{order_id}"))
        except ApiError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return None

    def notifications(self) -> Sequence[Notification]:
        """Return the caller's newest notifications, at most a page."""
        answer = self._get("/api/v1/notifications", {"limit": PAGE})
        return NotificationPage.model_validate(answer).items

    def _get(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        return self._transport.send("GET", path, token=self._token(), params=params).data

    def _post(self, path: str, body: Mapping[str, Any], key: str | None) -> Any:
        return self._transport.send(
            "POST", path, token=self._token(), body=body, idempotency_key=key
        ).data

    def _token(self) -> str | None:
        return self.account.token() if self.account else None
