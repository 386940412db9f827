"""Customers, their orders, and what people do while those are under way."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from shared.inventory.adapters.unit_of_work import InventoryDynamoUnitOfWork
from shared.inventory.use_cases.adjust_stock import AdjustStock, AdjustStockHandler
from shared.kernel.errors import DomainError
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.orders.adapters.unit_of_work import DynamoOrdersUnitOfWork
from shared.orders.domain.order import Order
from shared.orders.domain.order_line import OrderLine
from shared.orders.use_cases.cancel_order import CancelOrder, CancelOrderHandler
from shared.platform.aws import dynamodb
from shared.platform.commands import retrying
from tests.support.bus_events import detail
from tests.support.saga import Cloud
from tests.support.tables import Table

CARDS = ("pm_card_visa", "pm_card_visa", "pm_card_timeoutAfterCharge", "pm_card_chargeDeclined")


class EveryProduct:
    """A catalog that knows every product."""

    def exists(self, product_id: str) -> bool:
        return True


@dataclass
class Story:
    """Three orders for two products of which there are few, by one customer."""

    tables: dict[str, Table]
    seed: int
    customer_id: str = field(default_factory=new_id)
    products: list[str] = field(default_factory=lambda: [new_id(), new_id()])
    orders: list[str] = field(default_factory=list)
    received: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.cloud = Cloud(self.tables, self.dice, self.meddle)

    def play(self) -> None:
        """Place the orders and let everything happen."""
        for product_id in self.products:
            self.adjust(product_id, self.dice.randint(1, 6))
        known = {
            "user_id": self.customer_id,
            "email": "c@shop.example",
            "name": "Carla",
            "role": "customer",
        }
        self.cloud.publish(
            detail("user.registered", known, aggregate_type="User", aggregate_id=self.customer_id),
            source="identity",
        )
        for _ in range(3):
            self.place()
        self.cloud.run(self.dice.randint(10, 40))

    def place(self) -> None:
        wanted = self.dice.sample(self.products, self.dice.randint(1, 2))
        with DynamoOrdersUnitOfWork(dynamodb(), self.tables["orders"].name) as uow:
            order = Order.place(
                new_id(),
                customer_id=self.customer_id,
                lines=[
                    OrderLine(
                        product_id=product_id,
                        mnemonic="TEA",
                        quantity=self.dice.randint(1, 3),
                        unit_price=Money(100, "EUR"),
                    )
                    for product_id in wanted
                ],
                payment_method=self.dice.choice(CARDS),
                at=uow.now,
            )
            uow.orders.save(order)
            uow.commit()
        self.orders.append(order.id)
        self.cloud.relay(order.id)

    def meddle(self) -> None:
        """Do what people do while orders are under way."""
        if self.dice.random() < 0.6:
            self.cancel(self.dice.choice(self.orders))
        else:
            self.adjust(self.dice.choice(self.products), self.dice.choice((-1, 1, 2)))

    def cancel(self, order_id: str) -> None:
        uow = DynamoOrdersUnitOfWork(dynamodb(), self.tables["orders"].name)
        command = CancelOrder(
            order_id=order_id, requested_by=self.customer_id, manages_orders=False
        )
        try:
            retrying(lambda: CancelOrderHandler(uow=uow)(command))
        except DomainError:
            return
        self.cloud.relay(order_id)

    def adjust(self, product_id: str, quantity: int) -> None:
        uow = InventoryDynamoUnitOfWork(dynamodb(), self.tables["inventory"].name)
        adjust = AdjustStockHandler(uow=uow, products=EveryProduct())
        command = AdjustStock(product_id=product_id, quantity=quantity, reason="counted")
        try:
            retrying(lambda: adjust(command))
        except DomainError:
            return
        self.received[product_id] += quantity
