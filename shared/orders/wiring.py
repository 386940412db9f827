"""Which services the orders functions use, built on first use."""

import os
from typing import TYPE_CHECKING

from shared.inventory.published import UPCASTS as INVENTORY
from shared.orders.published import UPCASTS as ORDERS
from shared.platform.aws.clients import dynamodb
from shared.platform.events.upcasts import register
from shared.platform.runtime.services import Services, provides
from shared.platform.runtime.settings import load, settings
from shared.platform.telemetry.metrics import MetricUnit, metrics

if TYPE_CHECKING:
    from datetime import timedelta

    from shared.orders.adapters.order_list_reader import DynamoOrderListReader
    from shared.orders.adapters.unit_of_work import DynamoOrdersUnitOfWork
    from shared.orders.ports import PaymentMethods, Prices
    from shared.orders.queries.get_order import GetOrderHandler
    from shared.orders.queries.get_order_history import GetOrderHistoryHandler
    from shared.orders.queries.list_my_orders import ListMyOrdersHandler
    from shared.orders.queries.list_stuck_orders import ListStuckOrdersHandler
    from shared.orders.queries.measure_open_orders import MeasureOpenOrdersHandler
    from shared.orders.use_cases.cancel_order import CancelOrderHandler
    from shared.orders.use_cases.fail_order import FailOrderHandler
    from shared.orders.use_cases.finalize_order import FinalizeOrderHandler
    from shared.orders.use_cases.place_order import PlaceOrderHandler
    from shared.orders.use_cases.record_reservation import RecordReservationHandler

# ruff: noqa: PLC0415  # a function loads only the modules that its endpoint needs

register(INVENTORY, ORDERS)  # of the events that are read here


def _measure_age(age: "timedelta") -> None:
    metrics.add_metric("SagaAge", MetricUnit.Milliseconds, age.total_seconds() * 1000)


def _measure_oldest(seconds: float) -> None:
    metrics.gauge("OldestOpenOrder", seconds, MetricUnit.Seconds)


@provides
def orders_unit_of_work(_: Services) -> "DynamoOrdersUnitOfWork":
    from shared.orders.adapters.unit_of_work import DynamoOrdersUnitOfWork

    return DynamoOrdersUnitOfWork(dynamodb(), settings().table_name)


@provides
def order_prices(_: Services) -> "Prices":
    from shared.catalog.api import price_quotes

    return price_quotes()


@provides
def order_payment_methods(_: Services) -> "PaymentMethods":
    from shared.payments.api import payment_methods

    return payment_methods()


@provides
def order_lists(_: Services) -> "DynamoOrderListReader":
    from shared.orders.adapters.order_list_reader import DynamoOrderListReader
    from shared.platform.aws.secrets import service_secret
    from shared.platform.dynamodb.cursors import CursorCodec

    cursors = CursorCodec(lambda: service_secret().get().versions)
    return DynamoOrderListReader(dynamodb(), settings().table_name, cursors)


@provides
def place_order(services: Services) -> "PlaceOrderHandler":
    from shared.kernel.ids import new_id
    from shared.orders.use_cases.place_order import PlaceOrderHandler

    return PlaceOrderHandler(
        uow=services.get(orders_unit_of_work),
        prices=services.get(order_prices),
        payment_methods=services.get(order_payment_methods),
        new_id=new_id,
    )


@provides
def cancel_order(services: Services) -> "CancelOrderHandler":
    from shared.orders.adapters.settings import CancellationSettings
    from shared.orders.use_cases.cancel_order import CancelOrderHandler
    from shared.platform.rate_limits.dynamodb import rate_limiter

    return CancelOrderHandler(
        uow=services.get(orders_unit_of_work),
        paid_until=load(CancellationSettings, os.environ).paid_until,
        limiter=services.get(rate_limiter),
        note_end=_measure_age,
    )


@provides
def record_reservation(services: Services) -> "RecordReservationHandler":
    from shared.orders.use_cases.record_reservation import RecordReservationHandler

    return RecordReservationHandler(uow=services.get(orders_unit_of_work), note_end=_measure_age)


@provides
def finalize_order(services: Services) -> "FinalizeOrderHandler":
    from shared.orders.use_cases.finalize_order import FinalizeOrderHandler

    return FinalizeOrderHandler(uow=services.get(orders_unit_of_work), note_end=_measure_age)


@provides
def fail_order(services: Services) -> "FailOrderHandler":
    from shared.orders.use_cases.fail_order import FailOrderHandler

    return FailOrderHandler(uow=services.get(orders_unit_of_work), note_end=_measure_age)


@provides
def get_order(_: Services) -> "GetOrderHandler":
    from shared.orders.adapters.order_reader import DynamoOrderReader
    from shared.orders.queries.get_order import GetOrderHandler

    return GetOrderHandler(orders=DynamoOrderReader(dynamodb(), settings().table_name))


@provides
def list_my_orders(services: Services) -> "ListMyOrdersHandler":
    from shared.orders.queries.list_my_orders import ListMyOrdersHandler

    return ListMyOrdersHandler(lists=services.get(order_lists))


@provides
def get_order_history(services: Services) -> "GetOrderHistoryHandler":
    from shared.orders.queries.get_order_history import GetOrderHistoryHandler

    return GetOrderHistoryHandler(lists=services.get(order_lists))


@provides
def measure_open_orders(_: Services) -> "MeasureOpenOrdersHandler":
    from shared.kernel.clock import SystemClock
    from shared.orders.adapters.oldest_order_reader import DynamoOldestOrderReader
    from shared.orders.queries.measure_open_orders import MeasureOpenOrdersHandler

    return MeasureOpenOrdersHandler(
        orders=DynamoOldestOrderReader(dynamodb(), settings().table_name),
        measured=_measure_oldest,
        clock=SystemClock(),
    )


@provides
def list_stuck_orders(_: Services) -> "ListStuckOrdersHandler":
    from shared.kernel.clock import SystemClock
    from shared.orders.adapters.open_order_reader import DynamoOpenOrderReader
    from shared.orders.queries.list_stuck_orders import ListStuckOrdersHandler
    from shared.platform.aws.secrets import service_secret
    from shared.platform.dynamodb.cursors import CursorCodec

    cursors = CursorCodec(lambda: service_secret().get().versions)
    return ListStuckOrdersHandler(
        orders=DynamoOpenOrderReader(dynamodb(), settings().table_name, cursors),
        clock=SystemClock(),
    )
