"""The saga on the bus in memory: the templates' rules, the functions' handlers, no emulator."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.inventory.adapters.unit_of_work import DynamoInventoryUnitOfWork
from shared.inventory.use_cases.adjust_stock import AdjustStock, AdjustStockHandler
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.orders.adapters.unit_of_work import DynamoOrdersUnitOfWork
from shared.orders.domain.order import Order
from shared.orders.domain.order_line import OrderLine
from shared.platform.aws.clients import dynamodb
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from tests.conftest import TableFactory
from tests.support.memory_bus import MemoryBus
from tests.support.saga_containers import TABLES, EveryProduct, fresh_container
from tools.lab.support.bus_events import detail
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("EVT-03")

CUSTOMER = "0190a000-0000-7000-8000-0000000000a1"


class Scene:
    """A shop with one product, and a bus that gets what its tables commit."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self.bus = MemoryBus(before_each=lambda: fresh_container(tables))
        self._relayed: set[str] = set()
        known = {"user_id": CUSTOMER, "email": "c@shop.example", "name": "C", "role": "customer"}
        self.bus.publish(
            detail("user.registered", known, aggregate_type="User", aggregate_id=CUSTOMER),
            source="identity",
        )

    def stock(self, product_id: str, quantity: int) -> None:
        uow = DynamoInventoryUnitOfWork(dynamodb(), self.tables["inventory"].name)
        adjust = AdjustStockHandler(uow=uow, products=EveryProduct())
        adjust(
            AdjustStock(
                product_id=product_id, quantity=quantity, reason="received", confidential_too=True
            )
        )

    def place(self, product_id: str, quantity: int, *, price: int = 1_000) -> str:
        line = OrderLine(
            product_id=product_id,
            mnemonic="MUG",
            quantity=quantity,
            unit_price=Money(price, "EUR"),
        )
        with DynamoOrdersUnitOfWork(dynamodb(), self.tables["orders"].name) as uow:
            order = Order.place(
                new_id(),
                customer_id=CUSTOMER,
                lines=[line],
                payment_method="pm_card_visa",
                at=uow.now,
            )
            uow.orders.save(order)
            uow.commit()
        return order.id

    def settle(self) -> None:
        """Relay and deliver until nothing happens any more."""
        while self._relay() or self.bus.waiting:
            self.bus.run()

    def _relay(self) -> int:
        count = 0
        for context in ("orders", "inventory", "payments"):
            for item in self.tables[context].events():
                if item["event_id"] not in self._relayed:
                    self._relayed.add(item["event_id"])
                    count += self.bus.publish(detail_of(envelope_of(item)), source=context)
        return count

    def state(self, context: str, key: str) -> dict[str, Any]:
        found = self.tables[context].get(key, "STATE")
        assert found is not None, key
        return found


@pytest.fixture
def scene(make_table: TableFactory, monkeypatch: pytest.MonkeyPatch) -> Scene:
    tables = {context: make_table() for context in TABLES}
    monkeypatch.setenv("TABLE_NAME", tables["orders"].name)
    monkeypatch.setenv("SANDBOX_TABLE_NAME", tables["gateway"].name)
    monkeypatch.setenv("SENDER_EMAIL", "shop@tradewind.example")
    monkeypatch.setenv("SALES_EMAIL", "sales@tradewind.example")
    monkeypatch.setenv("LARGE_ORDERS", "EUR 1000, GBP 1000")
    return Scene(tables)


def test_orders_come_to_their_ends_and_sales_hears_of_the_large_one(scene: Scene) -> None:
    mug = new_id()
    scene.stock(mug, 200)
    small, large, refused = scene.place(mug, 2), scene.place(mug, 150), scene.place(mug, 90)
    scene.settle()
    outcomes = [scene.state("orders", f"Order#{each}")["outcome"] for each in (small, large)]
    assert outcomes == ["completed", "completed"]
    assert scene.state("orders", f"Order#{refused}")["outcome"] == "rejected"
    assert scene.state("inventory", f"Stock#{mug}")["available"] == 48
    notified = scene.tables["notifications"].items("LargeOrder#")
    assert {item["PK"] for item in notified} == {f"LargeOrder#{large}"}
    assert ("notifications.notify_sales", "order.completed") in scene.bus.handled
    assert scene.bus.handled.count(("notifications.notify_sales", "order.completed")) == 2
    assert scene.bus.dead == []


def test_poison_is_given_up_and_blocks_nobody(scene: Scene) -> None:
    mug = new_id()
    scene.stock(mug, 5)
    poison = detail("order.placed", {}, aggregate_type="Order", aggregate_id="o-1")
    assert scene.bus.publish(poison, source="orders") == 2
    good = scene.place(mug, 1)
    scene.settle()
    assert scene.state("orders", f"Order#{good}")["outcome"] == "completed"
    assert sorted(message.consumer for message in scene.bus.dead) == [
        "customers.project_customer_summary",
        "inventory.reserve_stock",
    ]


def test_what_no_rule_wants_goes_nowhere(scene: Scene) -> None:
    paid = detail("order.paid", {}, aggregate_type="Order", aggregate_id="o-1")
    assert scene.bus.publish(paid, source="orders") == 0
    placed = detail("order.placed", {}, aggregate_type="Order", aggregate_id="o-1")
    assert scene.bus.publish(placed, source="somebody.else") == 0
