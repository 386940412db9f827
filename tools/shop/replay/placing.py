"""Carries out the steps of a plan: prices, orders and cancellations, a bounded number at once."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

from tools.shop.api_client.errors import ApiError, Unreachable
from tools.shop.api_client.models import Order
from tools.shop.api_client.shop import Shop
from tools.shop.replay.importing import CURRENCY, Imported, Tick
from tools.shop.replay.plan import Cancel, Place, Plan
from tools.shop.replay.results import Run

PAYMENT_METHOD = "pm_card_visa"
SETTLE_SECONDS = 120.0
"""How long an order may take to become final before the replay gives up on it."""
_FIRST_LOOK, _LAST_LOOK, _SLOWER = 0.15, 1.0, 1.4


class Placing:
    """One run of a plan. Orders are in flight until final: at most as many as *pool* has threads.

    Steps start in file order and wait only for earlier ones, so they cannot wait for each other.
    """

    def __init__(self, admin: Shop, imported: Imported, plan: Plan, tick: Tick) -> None:
        self._admin, self._imported, self._plan, self._tick = admin, imported, plan, tick
        self._placed = [threading.Event() for _ in plan.orders]
        self._final = [threading.Event() for _ in plan.orders]
        self._pricing = {product.mnemonic: threading.Lock() for product in plan.products}
        self._counting = threading.Lock()
        self._stopped = threading.Event()
        self.run = Run()

    def carry_out(self, pool: ThreadPoolExecutor) -> Run:
        """Do every step; return what became of the orders."""
        futures: list[Future[None]] = [pool.submit(self._step, step) for step in self._plan.steps]
        try:
            for future in futures:
                future.result()
        except BaseException:
            self._stopped.set()
            for event in (*self._placed, *self._final):
                event.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        return self.run

    def _step(self, step: Place | Cancel) -> None:
        if isinstance(step, Place):
            self._place(step)
        else:
            self._cancel(step)
        self._tick()

    def _place(self, step: Place) -> None:
        planned = step.order
        try:
            for index in step.after:
                self._placed[index].wait()
            if self._stopped.is_set():
                return
            customer = self._imported.customers[planned.customer]
            for line in planned.lines:
                self._set_price(line.mnemonic, line.price)
            lines = [
                (self._imported.products[line.mnemonic], line.quantity) for line in planned.lines
            ]
            order = customer.place_order(lines, PAYMENT_METHOD)
            self.run.orders[planned.index] = order
            self._placed[planned.index].set()
            self.run.orders[planned.index] = self._follow(customer, order)
        except (ApiError, Unreachable) as error:
            self.run.failures[planned.index] = str(error)
        finally:
            self._placed[planned.index].set()
            self._final[planned.index].set()

    def _set_price(self, mnemonic: str, price: int) -> None:
        with self._pricing[mnemonic]:
            if self._imported.prices[mnemonic] != price:
                self._admin.change_price(self._imported.products[mnemonic], price, CURRENCY)
                self._imported.prices[mnemonic] = price
                with self._counting:
                    self.run.price_changes += 1

    def _follow(self, customer: Shop, order: Order) -> Order:
        """Look at the order, less and less often, until it is final; return the last look."""
        deadline = time.monotonic() + SETTLE_SECONDS
        pause = _FIRST_LOOK
        while not order.is_final and time.monotonic() < deadline:
            if self._stopped.wait(pause):
                break
            pause = min(pause * _SLOWER, _LAST_LOOK)
            order = customer.order(order.id)
        return order

    def _cancel(self, step: Cancel) -> None:
        self._final[step.order].wait()
        order = self.run.orders.get(step.order)
        if order is None or self._stopped.is_set():
            return
        customer = self._imported.customers[self._plan.orders[step.order].customer]
        try:
            reason = f"Cancelled by invoice {step.invoice}"
            self.run.orders[step.order] = customer.cancel_order(order.id, reason)
        except (ApiError, Unreachable) as error:
            self.run.failures[step.order] = str(error)
