"""What every gateway promises, held against the sandbox on each engine and the one in memory."""

import pytest

from shared.kernel.money import Money
from shared.kernel.result import Failure, Success
from shared.payments.adapters.sandbox_gateway import SandboxGateway
from shared.payments.domain.gateway import ChargeRequest
from shared.payments.domain.methods import DECLINES
from shared.payments.ports import GatewayUnavailable, PaymentGateway
from tests.adapters.payments.conftest import Service
from tests.support.faults import refused, refusing
from tests.unit.payments.fakes import GatewayInMemory

PRICE = Money(5990, "EUR")


def request(
    key: str = "order-1", method: str = "pm_card_visa", amount: Money = PRICE
) -> ChargeRequest:
    return ChargeRequest(key=key, amount=amount, payment_method=method)


@pytest.fixture(params=["sandbox", "in memory"])
def gateway(request: pytest.FixtureRequest, service: Service) -> PaymentGateway:
    return service.gateway if request.param == "sandbox" else GatewayInMemory()


def test_a_key_has_one_charge_and_one_answer(gateway: PaymentGateway) -> None:
    first = gateway.charge(request())
    assert isinstance(first, Success)
    assert gateway.charge(request()) == first
    other = gateway.charge(request("order-2"))
    assert isinstance(other, Success)
    assert other.value.reference != first.value.reference


def test_all_of_a_charge_goes_back_once(gateway: PaymentGateway) -> None:
    charge = gateway.charge(request())
    refund = gateway.refund("order-1")
    assert gateway.refund("order-1") == refund
    assert gateway.charge(request()) == charge


def test_there_is_nothing_to_refund_without_a_capture(gateway: PaymentGateway) -> None:
    for method in ("declined", "pm_card_chargeDeclined"):
        gateway.charge(request(method, method))
    for key in ("unheard-of", "declined"):
        with pytest.raises(LookupError):
            gateway.refund(key)


def test_a_cancelled_key_captures_nothing_any_more(gateway: PaymentGateway) -> None:
    gateway.cancel("order-1")
    gateway.cancel("order-1")
    answer = gateway.charge(request())
    assert isinstance(answer, Failure)
    assert answer.error.reason == "charge_cancelled"


def test_cancelling_after_the_charge_gives_it_back(gateway: PaymentGateway) -> None:
    charge = gateway.charge(request())
    gateway.cancel("order-1")
    gateway.cancel("order-1")
    assert gateway.charge(request()) == charge
    gateway.refund("order-1")


def test_the_sandbox_keeps_a_ledger_that_adds_up(service: Service) -> None:
    sandbox = service.gateway
    sandbox.charge(request())
    sandbox.charge(request())
    assert service.money("order-1") == (5990, 0)
    sandbox.cancel("order-1")
    sandbox.refund("order-1")
    assert service.money("order-1") == (5990, 5990)
    sandbox.cancel("order-2")
    sandbox.charge(request("order-2"))
    assert service.money("order-2") == (0, 0)


@pytest.mark.row("EXC-03")
@pytest.mark.parametrize(
    ("method", "reason"),
    [
        ("pm_card_chargeDeclined", "card_declined"),
        ("pm_card_insufficientFunds", "insufficient_funds"),
        ("pm_card_processingError", "processing_error"),
        ("4242424242424242", "invalid_payment_method"),
    ],
)
def test_the_sandbox_declines_what_it_should(service: Service, method: str, reason: str) -> None:
    answer = service.gateway.charge(request(method=method))
    assert isinstance(answer, Failure)
    assert answer.error.reason == reason
    assert answer.error.message.endswith(".")
    assert service.gateway.charge(request(method=method)) == answer
    assert service.money("order-1") == (0, 0)
    assert set(DECLINES) == {
        "pm_card_chargeDeclined",
        "pm_card_insufficientFunds",
        "pm_card_processingError",
    }


def test_the_sandbox_can_lose_the_answer_to_a_charge(service: Service) -> None:
    method = "pm_card_timeoutAfterCharge"
    with pytest.raises(GatewayUnavailable):
        service.gateway.charge(request(method=method))
    assert service.money("order-1") == (5990, 0)
    answer = service.gateway.charge(request(method=method))
    assert isinstance(answer, Success)
    assert service.money("order-1") == (5990, 0)


def test_one_key_cannot_mean_two_charges(service: Service) -> None:
    service.gateway.charge(request())
    with pytest.raises(ValueError, match="order-1"):
        service.gateway.charge(request(amount=Money(1, "EUR")))


def test_a_gateway_out_of_reach_says_so(service: Service) -> None:
    gateway = SandboxGateway(service.ledger.client, service.ledger.name)
    unavailable = [refused("InternalServerError")]
    with (
        refusing(service.ledger.client, "PutItem", unavailable),
        pytest.raises(GatewayUnavailable),
    ):
        gateway.charge(request())
    assert service.money("order-1") == (0, 0)
