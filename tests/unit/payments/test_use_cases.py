import dataclasses

import pytest

from shared.kernel.errors import StaleAggregate, ValidationFailed
from shared.kernel.money import Money
from tests.unit.payments.conftest import PROCESS, World


def test_a_reserved_order_is_charged(world: World) -> None:
    world.process()
    assert world.status == "succeeded"
    assert world.database.event_types == ["payment.succeeded"]
    assert world.gateway.captured == [5990]


@pytest.mark.row("EXC-03")
def test_a_declined_card_is_an_outcome_and_no_error(world: World) -> None:
    world.process(dataclasses.replace(PROCESS, payment_method="declined"))
    assert world.status == "failed"
    assert world.database.event_types == ["payment.failed"]
    assert world.gateway.captured == []


def test_a_second_delivery_charges_nothing_and_tells_nobody(world: World) -> None:
    world.process()
    world.process()
    assert world.gateway.charges_asked_for == 1
    assert world.database.event_types == ["payment.succeeded"]


def test_a_crash_after_the_charge_is_healed_by_the_retry(world: World) -> None:
    class Crash(Exception):
        pass

    def crash() -> None:
        raise Crash

    world.gateway.meanwhile = crash
    with pytest.raises(Crash):
        world.process()
    assert world.database.states == {}
    assert world.gateway.captured == [5990]
    world.gateway.meanwhile = lambda: None
    world.process()
    assert world.status == "succeeded"
    assert world.gateway.captured == [5990]
    (event,) = world.database.events
    assert event.data["gateway_reference"] == world.gateway.ledger["order-1"].reference


def test_a_cancelled_order_gets_its_money_back_once(world: World) -> None:
    world.process()
    world.refund()
    world.refund()
    assert world.status == "refunded"
    assert world.gateway.net == 0
    assert world.database.event_types == ["payment.succeeded", "payment.refunded"]


def test_an_order_cancelled_first_is_never_charged(world: World) -> None:
    world.refund()
    world.process()
    assert world.status == "voided"
    assert world.gateway.captured == []
    assert world.database.event_types == ["payment.voided"]


def test_a_charge_whose_record_was_lost_goes_back_when_the_order_is_cancelled(
    world: World,
) -> None:
    """Process crashed after charging and was never retried: the cancellation alone repairs it."""

    def crash() -> None:
        raise ConnectionError

    world.gateway.meanwhile = crash
    with pytest.raises(ConnectionError):
        world.process()
    world.gateway.meanwhile = lambda: None
    world.refund()
    assert world.status == "voided"
    assert (world.gateway.captured, world.gateway.net) == ([5990], 0)


def test_a_declined_payment_has_nothing_to_give_back(world: World) -> None:
    world.process(dataclasses.replace(PROCESS, payment_method="declined"))
    world.refund()
    assert world.status == "failed"
    assert world.database.event_types == ["payment.failed"]


def test_a_cancellation_during_the_charge_makes_its_commit_stale(world: World) -> None:
    def cancel_meanwhile() -> None:
        world.gateway.meanwhile = lambda: None
        world.refund()

    world.gateway.meanwhile = cancel_meanwhile
    with pytest.raises(StaleAggregate):
        world.process()
    world.process()
    assert world.status == "voided"
    assert world.gateway.net == 0


def test_a_charge_is_not_negative() -> None:
    with pytest.raises(ValidationFailed):
        dataclasses.replace(PROCESS, amount=Money(-1, "EUR"))
