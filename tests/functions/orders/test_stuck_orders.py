"""GET /api/v1/orders/stuck: what has not come to its end, oldest first, and for whom."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.clock import FixedClock
from shared.orders.queries.list_stuck_orders import ListStuckOrdersHandler
from shared.platform.runtime.services import get_service
from tests.functions.orders.conftest import CUSTOMER, Service, declined, reserved, succeeded
from tests.support.aws_calls import counted_calls
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import ADMIN, ANONYMOUS, Caller

pytestmark = pytest.mark.row("MET-04")


def ask(service: Service, **query: str) -> Answer:
    return service.call("list_stuck_orders", caller=ADMIN, query=query)


def ids(answer: Answer) -> list[str]:
    return [order["id"] for order in answer.data["items"]]


def set_clock(service: Service, ahead: timedelta) -> None:
    """Have the list believe that it is later than it is."""
    ask(service)  # imports the function, which registers its services
    clock = FixedClock(datetime.now(UTC) + ahead)
    object.__setattr__(get_service(ListStuckOrdersHandler), "clock", clock)


def test_orders_in_progress_are_shown_with_what_they_wait_for(
    service: Service, product: str
) -> None:
    waiting, halfway, done, failed, called_off = (
        service.place((product, 1)).data["id"] for _ in range(5)
    )
    for order_id in (halfway, done, failed):
        service.deliver("record_reservation", reserved(order_id))
    service.deliver("finalize_order", succeeded(done))
    service.deliver("fail_order", declined(failed))
    service.call("cancel_order", called_off)
    assert ids(ask(service)) == []  # none is five minutes old
    set_clock(service, timedelta(minutes=6))
    with counted_calls() as calls:
        answer = ask(service)
    assert calls.dynamodb == {"Query": 1, "BatchGetItem": 1}
    assert (answer.status, answer.json["message"]) == (200, "2 orders are stuck.")
    assert {order["id"]: order["waits_for"] for order in answer.data["items"]} == {
        waiting: ["inventory.reserved", "inventory.rejected"],
        halfway: ["payment.succeeded", "payment.failed"],
    }
    (order,) = (each for each in answer.data["items"] if each["id"] == waiting)
    assert (order["status"], order["customer_id"]) == ("pending", CUSTOMER.user_id)
    assert order["total"] == {"amount": 1_295, "currency": "GBP"}
    assert 360 <= order["age_seconds"] < 460


def test_the_oldest_come_first_page_by_page(service: Service, product: str) -> None:
    placed = [service.place((product, 1)).data for _ in range(5)]
    expected = [each["id"] for each in sorted(placed, key=lambda it: (it["placed_at"], it["id"]))]
    set_clock(service, timedelta(minutes=6))
    pages = [ask(service, limit="2")]
    while cursor := pages[-1].data["next_cursor"]:
        # Time goes on while somebody reads.
        set_clock(service, timedelta(minutes=6 + len(pages)))
        pages.append(ask(service, limit="2", cursor=cursor))
    assert [order_id for page in pages for order_id in ids(page)] == expected
    back = ask(service, limit="2", cursor=pages[1].data["prev_cursor"])
    assert ids(back) == ids(pages[0])
    assert ids(ask(service, sort="-placed_at")) == expected[::-1]


def test_the_age_is_asked_for(service: Service, product: str) -> None:
    order_id = service.place((product, 1)).data["id"]
    set_clock(service, timedelta(hours=2))
    assert ids(ask(service, older_than="7100")) == [order_id]
    assert ids(ask(service, older_than="7300")) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"older_than": "-1"}, "VALIDATION_FAILED"),
        ({"older_than": "31536001"}, "VALIDATION_FAILED"),
        ({"older_than": "soon"}, "VALIDATION_FAILED"),
        ({"include_total": "true"}, "VALIDATION_FAILED"),
        ({"sort": "total"}, "INVALID_SORT_FIELD"),
        ({"cursor": "x"}, "INVALID_CURSOR"),
    ],
)
def test_what_makes_no_sense_is_refused(
    service: Service, query: dict[str, str], code: str
) -> None:
    answer = ask(service, **query)
    assert (answer.status, answer.code) == (422, code)


def test_a_cursor_is_good_for_one_age_and_one_reader(service: Service, product: str) -> None:
    for _ in range(2):
        service.place((product, 1))
    set_clock(service, timedelta(minutes=6))
    cursor = ask(service, limit="1").data["next_cursor"]
    assert ask(service, limit="1", cursor=cursor, older_than="60").code == "INVALID_CURSOR"
    other = Caller(user_id="0190a000-0000-7000-8000-000000000009", role="admin")
    answer = service.call(
        "list_stuck_orders", caller=other, query={"limit": "1", "cursor": cursor}
    )
    assert answer.code == "INVALID_CURSOR"


@pytest.mark.row("PRM-01")
def test_it_is_for_those_who_manage_orders(service: Service) -> None:
    for caller, status in ((CUSTOMER, 403), (ANONYMOUS, 401), (ADMIN, 200)):
        assert service.call("list_stuck_orders", caller=caller).status == status
    granted = Caller(grants=("order:admin",))
    assert service.call("list_stuck_orders", caller=granted).status == 200
