"""Repository calls say what they did: at DEBUG when it went as meant, at ERROR when it failed."""

import json

import pytest

from shared.kernel.errors import StaleAggregate
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.orders.adapters.order_reader import DynamoOrderReader
from shared.orders.adapters.unit_of_work import DynamoOrdersUnitOfWork
from shared.orders.domain.order import Order
from shared.orders.domain.order_line import OrderLine
from shared.platform.aws.clients import dynamodb
from shared.platform.runtime.errors import DatabaseBusy
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger
from tests.support.faults import refused, refusing
from tools.lab.support import environment

pytestmark = pytest.mark.row("LOG-06")


@pytest.fixture
def calls(table, capsys):
    # Loggers live as long as the process: one of an earlier test keeps the level it was made with.
    logger = get_logger(settings().service)
    level = logger.log_level
    logger.setLevel("DEBUG")

    def read():
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return [line for line in lines if "repository call" in line.get("message", "")]

    yield read
    logger.setLevel(level)


@pytest.fixture
def order(table) -> Order:
    price = Money(100, "EUR")
    line = OrderLine(product_id="p-1", mnemonic="MUG", quantity=1, unit_price=price)
    with DynamoOrdersUnitOfWork(dynamodb(), table.name) as uow:
        made = Order.place(
            new_id(), customer_id="c-1", lines=[line], payment_method="pm", at=uow.now
        )
        uow.orders.save(made)
        uow.commit()
    return made


def test_reads_and_commits_say_entity_time_and_capacity(table, engine, calls, order):
    DynamoOrderReader(dynamodb(), table.name).find(order.id)
    commit, read = calls()
    assert (commit["operation"], commit["entity"]) == ("commit", "Order")
    assert (read["operation"], read["entity"]) == ("find", "Order")
    for line in (commit, read):
        assert (line["level"], line["outcome"]) == ("DEBUG", "done")
        assert line["duration_ms"] > 0
    assert read["capacity_units"] > 0
    assert commit["capacity_units"] > 0 or engine == "moto"  # which tells none for transactions


def test_a_refusal_is_no_failure(table, calls, order):
    uow = DynamoOrdersUnitOfWork(dynamodb(), table.name)
    first, second = uow.orders.get(order.id), uow.orders.get(order.id)
    for each in (first, second):
        each.record_reservation(at=uow.now)
    with uow:
        uow.orders.save(first)
        uow.commit()
    calls()
    with uow:
        uow.orders.save(second)
        with pytest.raises(StaleAggregate):
            uow.commit()
    (line,) = calls()
    assert (line["level"], line["outcome"]) == ("DEBUG", "StaleAggregate")


def test_a_failure_is_an_error_whatever_the_level(table, monkeypatch, capsys):
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    environment.forget_cached()
    reader = DynamoOrderReader(dynamodb(), table.name)
    with (
        refusing(dynamodb(), "GetItem", [refused("ThrottlingException")]),
        pytest.raises(DatabaseBusy),
    ):
        reader.find("o-1")
    (line,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["level"], line["message"]) == ("ERROR", "repository call failed")
    assert (line["operation"], line["entity"], line["error"]) == ("find", "Order", "DatabaseBusy")


def test_nothing_is_written_at_the_usual_level(table, monkeypatch, capsys):
    monkeypatch.setenv("SERVICE", "quiet")  # a logger keeps its level
    monkeypatch.setenv("LOG_LEVEL", "INFO")
    environment.forget_cached()
    DynamoOrderReader(dynamodb(), table.name).find("o-1")
    assert capsys.readouterr().out == ""
