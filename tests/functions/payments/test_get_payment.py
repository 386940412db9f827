import pytest

from shared.kernel.ids import new_id
from tests.functions.payments.conftest import ORDER, Service, cancelled, reserved
from tools.lab.support.http_events import ADMIN, ANONYMOUS, INVALID, Caller, json_of

MANAGER = Caller(user_id=new_id(), grants=["payment:admin"])
STRANGER = Caller(user_id="0190a000-0000-7000-8000-000000000002")


@pytest.fixture(autouse=True)
def _paid(service: Service) -> None:
    service.deliver("process_payment", reserved())


@pytest.mark.parametrize("caller", [Caller(), ADMIN, MANAGER])
def test_customers_and_those_who_manage_payments_see_it(service: Service, caller: Caller) -> None:
    answer = service.get(caller=caller)
    assert answer["statusCode"] == 200
    data = json_of(answer)["data"]
    assert data.pop("created_at") == data.pop("updated_at")
    assert data == {
        "order_id": ORDER,
        "payment_id": ORDER,
        "status": "succeeded",
        "amount": {"amount": 5990, "currency": "EUR"},
        "refunded": {"amount": 0, "currency": "EUR"},
        "net": {"amount": 5990, "currency": "EUR"},
        "failure_reason": None,
    }


@pytest.mark.parametrize(
    ("order_id", "caller"),
    [(ORDER, STRANGER), (new_id(), Caller()), ("x", Caller()), ("x" * 1500, Caller())],
    ids=["a stranger's", "unknown", "no id", "far too long"],
)
def test_not_yours_looks_like_not_there(service: Service, order_id: str, caller: Caller) -> None:
    answer = service.get(order_id, caller=caller)
    assert answer["statusCode"] == 404
    assert json_of(answer)["error"]["code"] == "PAYMENT_NOT_FOUND"


@pytest.mark.parametrize("caller", [ANONYMOUS, INVALID])
def test_nobody_sees_anything(service: Service, caller: dict[str, str]) -> None:
    assert service.get(caller=caller)["statusCode"] == 401


def test_a_voided_payment_has_no_amounts(service: Service) -> None:
    order_id = new_id()
    service.deliver("refund_payment", cancelled(order_id))
    data = json_of(service.get(order_id))["data"]
    assert (data["status"], data["amount"], data["refunded"], data["net"]) == (
        "voided",
        None,
        None,
        None,
    )
