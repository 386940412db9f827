"""The Lambda authorizer."""

from typing import Any

import pytest

from shared.platform.aws.clients import dynamodb
from tests.functions.contract.shapes import dressed
from tests.functions.identity.conftest import Service, sample
from tests.support.aws_calls import counted_calls
from tests.support.faults import refused, refusing

pytestmark = pytest.mark.row("SEC-02")


def rights_of(service: Service) -> dict[str, Any]:
    """Return Ada's rights."""
    (rights,) = (each for each in service.table.items("User#") if each["SK"] == "ACCESS")
    return rights


def test_a_token_identifies_its_user_with_one_read(service: Service) -> None:
    token = service.token()
    service.authorize(f"Bearer {token}")  # the function is warm
    with counted_calls() as calls:
        caller = service.authorize(f"Bearer {token}")
    assert calls.made == [("dynamodb", "GetItem")]
    rights = rights_of(service)
    assert caller["kind"] == "user"
    assert caller["user_id"] == rights["PK"].removeprefix("User#")
    assert (caller["role"], caller["grants"]) == ("customer", "")
    assert caller["session_id"]


def test_the_scheme_may_be_written_in_any_case(service: Service) -> None:
    token = service.token()
    assert service.authorize(f"bearer  {token}")["kind"] == "user"


def test_the_header_may_be_written_in_any_case(service: Service) -> None:
    event = sample("authorize")
    event["headers"] = {"Authorization": f"Bearer {service.token()}"}
    assert service.invoke("authorize", event)["context"]["kind"] == "user"


def test_everything_else_that_aws_may_send_says_nothing_of_the_caller(service: Service) -> None:
    bare = {**sample("authorize"), "headers": {"accept": "*/*"}}
    event = dressed(bare, "authorizer_request")
    assert {"cookies", "identitySource", "stageVariables"} < event.keys()
    assert service.invoke("authorize", event)["context"]["kind"] == "anonymous"
    event["headers"]["authorization"] = f"Bearer {service.token()}"
    assert service.invoke("authorize", event)["context"]["kind"] == "user"


@pytest.mark.row("PRM-01", "PRM-05")
def test_role_and_grants_are_those_of_this_moment(service: Service) -> None:
    token = service.token()
    service.table.put(
        {**rights_of(service), "roles": ["admin"], "grants": ["order:admin", "payment:admin"]}
    )
    caller = service.authorize(f"Bearer {token}")
    assert (caller["roles"], caller["grants"]) == ("admin", "order:admin,payment:admin")


@pytest.mark.row("PRM-01")
def test_what_an_earlier_release_wrote_is_read(service: Service) -> None:
    """It has one role, and has never heard of restrictions."""
    token = service.token()
    old = {**rights_of(service), "role": "merchandiser", "grants": ["order:admin"]}
    service.table.put({k: v for k, v in old.items() if k not in ("roles", "restrictions")})
    caller = service.authorize(f"Bearer {token}")
    assert (caller["roles"], caller["grants"]) == ("merchandiser", "order:admin")
    assert caller["restrictions"] == ""


@pytest.mark.row("PRM-05")
def test_a_deactivated_user_is_refused_at_once(service: Service) -> None:
    token = service.token()
    service.table.put({**rights_of(service), "active": False})
    assert service.authorize(f"Bearer {token}") == {"kind": "invalid", "reason": "deactivated"}


@pytest.mark.row("SEC-01")
def test_a_session_that_has_ended_is_refused_at_once(service: Service) -> None:
    token = service.token()
    service.table.put({**rights_of(service), "sessions": {}})
    assert service.authorize(f"Bearer {token}") == {"kind": "invalid", "reason": "session_ended"}


@pytest.mark.parametrize("header", [None, "", "   "])
def test_no_credentials_are_anonymous_and_cost_nothing(
    service: Service, header: str | None
) -> None:
    with counted_calls() as calls:
        assert service.authorize(header) == {"kind": "anonymous"}
    assert calls.made == []


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Bearer", "malformed"),
        ("Bearer ", "malformed"),
        ("Bearer x", "malformed"),
        ("Bearer a.b.c", "malformed"),
        ("Bearer ..", "malformed"),
        ("Bearer a b", "malformed"),
        ("Bearer \ud800.\ud800.\ud800", "malformed"),
        ("Bearer é.é.é", "malformed"),
        ("Bearer " + "a" * 3000, "malformed"),
        ("Bearer " + "[" * 2000, "malformed"),
        ("Basic YWRhOnBhc3M=", "unknown_scheme"),
        ("Token x", "unknown_scheme"),
        ("\x00", "unknown_scheme"),
    ],
)
def test_rubbish_is_invalid_and_never_an_error(service: Service, header: str, reason: str) -> None:
    with counted_calls() as calls:
        assert service.authorize(header) == {"kind": "invalid", "reason": reason}
    assert calls.made == []


def test_what_is_signed_with_another_signature_is_invalid(service: Service) -> None:
    service.register()
    mine, other = (service.log_in().data["access_token"] for _ in range(2))
    signed, signature = mine.rpartition(".")[0], other.rpartition(".")[2]
    assert service.authorize(f"Bearer {mine}")["kind"] == "user"
    forged = service.authorize(f"Bearer {signed}.{signature}")
    assert forged == {"kind": "invalid", "reason": "bad_signature"}


@pytest.mark.parametrize("event", [{}, {"headers": None}, {"headers": {"authorization": None}}])
def test_strange_events_are_answered_too(service: Service, event: dict[str, Any]) -> None:
    assert service.invoke("authorize", event)["context"]["kind"] in ("anonymous", "invalid")


def test_the_sample_event_is_answered(service: Service) -> None:
    answer = service.invoke("authorize", sample("authorize"))
    assert answer == {
        "isAuthorized": True,
        "context": {"kind": "invalid", "reason": "malformed"},
    }


def test_when_the_table_cannot_be_read_the_caller_is_not_told_a_lie(service: Service) -> None:
    token = service.token()
    with refusing(dynamodb(), "GetItem", [refused("InternalServerError")] * 3):
        assert service.authorize(f"Bearer {token}") == {"kind": "unavailable"}
    assert service.authorize(f"Bearer {token}")["kind"] == "user"
