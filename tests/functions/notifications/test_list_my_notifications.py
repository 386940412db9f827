import pytest

from tests.functions.notifications.conftest import CUSTOMER, Service, order_event, registered
from tests.support.aws_calls import counted_calls
from tools.lab.support.http_events import ANONYMOUS, INVALID, Caller, json_of

STRANGER = Caller(user_id="0190a000-0000-7000-8000-000000000002")
COMPLETED = order_event("completed", total={"amount": 5990, "currency": "EUR"})


@pytest.fixture(autouse=True)
def _told(service: Service) -> None:
    service.deliver(registered(CUSTOMER), registered(STRANGER), COMPLETED)


def test_everybody_reads_their_own(service: Service) -> None:
    (item,) = json_of(service.read(caller=STRANGER))["data"]["items"]
    assert item["kind"] == "welcome"
    mine = json_of(service.read())["data"]["items"]
    assert [each["kind"] for each in mine] == ["order_completed", "welcome"]
    first = mine[0]
    assert first.pop("created_at")
    assert first.pop("body").startswith("Hello,\n\n")
    assert first == {
        "id": COMPLETED["id"],
        "kind": "order_completed",
        "subject": "Thank you for your order",
        "channels": [
            {"channel": "email", "status": "sent"},
            {"channel": "log", "status": "sent"},
        ],
    }


@pytest.mark.row("PAG-01")
def test_pages_lead_on_and_back(service: Service) -> None:
    first = json_of(service.read(limit="1"))
    assert first["data"]["limit"] == 1
    second = json_of(service.read(limit="1", cursor=first["data"]["next_cursor"]))["data"]
    assert [item["kind"] for item in second["items"]] == ["welcome"]
    assert second["has_next"] is False
    back = json_of(service.read(limit="1", cursor=second["prev_cursor"]))["data"]
    assert back["items"] == first["data"]["items"]


@pytest.mark.row("PAG-03")
def test_a_cursor_is_its_readers_own(service: Service) -> None:
    cursor = json_of(service.read(limit="1"))["data"]["next_cursor"]
    for caller, text in ((STRANGER, cursor), (CUSTOMER, cursor[:-1] + "!")):
        answer = service.read(caller=caller, cursor=text)
        assert answer["statusCode"] == 422
        assert json_of(answer)["error"]["code"] == "INVALID_CURSOR"


@pytest.mark.row("PAG-03")
def test_only_time_sorts(service: Service) -> None:
    oldest = json_of(service.read(sort="created_at"))["data"]["items"]
    assert [item["kind"] for item in oldest] == ["welcome", "order_completed"]
    answer = service.read(sort="subject")
    assert answer["statusCode"] == 422
    assert json_of(answer)["error"]["code"] == "INVALID_SORT_FIELD"
    cursor = json_of(service.read(limit="1"))["data"]["next_cursor"]
    assert service.read(sort="created_at", cursor=cursor)["statusCode"] == 422


@pytest.mark.parametrize("caller", [ANONYMOUS, INVALID])
def test_nobody_reads_anything(service: Service, caller: dict[str, str]) -> None:
    assert service.read(caller=caller)["statusCode"] == 401


def test_a_page_is_one_query(service: Service) -> None:
    service.read()
    with counted_calls() as calls:
        service.read()
    assert calls.made == [("dynamodb", "Query")]
