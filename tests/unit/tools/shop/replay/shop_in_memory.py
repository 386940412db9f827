"""A shop that keeps its books in memory and settles orders at once."""

import itertools
import threading
from collections import Counter
from collections.abc import Iterator, Sequence

from tools.shop.api_client.errors import ApiError
from tools.shop.api_client.models import Order, OrderLine, Payment, Price, Product, Stock
from tools.shop.api_client.shop import Shop
from tools.shop.api_client.transport import Transport


class InMemoryShop(Shop):
    """Takes what the replay asks of a shop. Every caller is the same."""

    def __init__(self) -> None:
        super().__init__(Transport("http://nowhere"))
        self.items: dict[str, Product] = {}
        self.sold: Counter[str] = Counter()
        self.received: Counter[str] = Counter()
        self.placed: dict[str, Order] = {}
        self.cards: dict[str, Payment] = {}
        self.users: set[str] = set()
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def signed_in(self, email: str, password: str) -> "Shop":
        assert email in self.users
        return self

    def register(self, email: str, password: str, name: str) -> str:
        if email in self.users:
            raise ApiError(409, "EMAIL_TAKEN", "taken", {})
        self.users.add(email)
        return email

    def products(self) -> Iterator[Product]:
        yield from list(self.items.values())

    def create_product(
        self, mnemonic: str, overview: str, amount: int, currency: str, *, key: str | None = None
    ) -> Product:
        price = Price(amount=amount, currency=currency)
        made = Product(id=f"p-{mnemonic}", mnemonic=mnemonic, overview="", price=price, version=1)
        self.items[made.id] = made
        return made

    def change_price(self, product_id: str, amount: int, currency: str) -> Product:
        price = Price(amount=amount, currency=currency)
        self.items[product_id] = self.items[product_id].model_copy(update={"price": price})
        return self.items[product_id]

    def adjust_stock(
        self, product_id: str, quantity: int, reason: str, *, key: str | None = None
    ) -> Stock:
        self.received[product_id] += quantity
        return self.stock(product_id)

    def stock(self, product_id: str) -> Stock:
        received, sold = self.received[product_id], self.sold[product_id]
        return Stock(
            product_id=product_id,
            available=received - sold,
            reserved=0,
            sold=sold,
            received=received,
        )

    def place_order(
        self,
        lines: Sequence[tuple[str, int]],
        payment_method: str | None = None,
        *,
        expected: Price | None = None,
        key: str | None = None,
    ) -> Order:
        with self._lock:
            order_id = str(next(self._ids))
            at_prices = [
                OrderLine(product_id=p, quantity=n, unit_price=self.items[p].price)
                for p, n in lines
            ]
            amount = sum(line.quantity * line.unit_price.amount for line in at_prices)
            total = Price(amount=amount, currency="GBP")
            pending = Order(
                id=order_id, status="pending", outcome="in_progress", lines=at_prices, total=total
            )
            self._settle(pending, sign=1)
            self.placed[order_id] = pending.model_copy(
                update={"status": "paid", "outcome": "completed"}
            )
            self.cards[order_id] = Payment(order_id=order_id, status="succeeded", net=total)
        # Only the first answer comes before the order is settled: each costs a wait.
        return pending if order_id == "1" else self.placed[order_id]

    def order(self, order_id: str) -> Order:
        return self.placed[order_id]

    def cancel_order(self, order_id: str, reason: str, *, key: str | None = None) -> Order:
        with self._lock:
            order = self.placed[order_id]
            self._settle(order, sign=-1)
            nothing = Price(amount=0, currency="GBP")
            self.cards[order_id] = Payment(order_id=order_id, status="refunded", net=nothing)
            self.placed[order_id] = order.model_copy(
                update={"status": "cancelled", "outcome": "cancelled"}
            )
        return self.placed[order_id]

    def payment(self, order_id: str) -> Payment:
        return self.cards[order_id]

    def _settle(self, order: Order, *, sign: int) -> None:
        for line in order.lines:
            self.sold[line.product_id] += sign * line.quantity
