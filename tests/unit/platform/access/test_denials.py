"""Whatever is refused for want of a right is logged, counted and published, once."""

import json
from types import SimpleNamespace

import boto3
import pytest

from shared.kernel.errors import DomainError, NotFound, PermissionDenied
from shared.platform.access import denials
from shared.platform.access.denials import note_denial
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from shared.platform.runtime.context import request_context
from shared.platform.runtime.services import services
from tests.support.schemas import check

pytestmark = pytest.mark.row("PRM-05")


class TooFar(PermissionDenied):
    code = "TOO_FAR"


def note(error: DomainError, **known: str | None) -> None:
    caller = {"user_id": "u-1", "role": "customer"} | known
    with request_context(request_id="r-1", correlation_id="c-1", **caller):
        note_denial(error, route="/things/{id}", path="/things/7")


def said(capsys) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_denial_by_the_domain_is_a_denial_like_any_other(table, capsys):
    note(TooFar("No.", details={"needed": ["thing:admin"]}))
    (event,) = table.events("Denial#")
    assert (event["type"], event["correlation_id"]) == ("permission.denied", "c-1")
    assert event["data"] == {
        "user_id": "u-1",
        "role": "customer",
        "needed": ["thing:admin"],
        "code": "TOO_FAR",
        "route": "/things/{id}",
        "resource": "/things/7",
    }
    check(detail_of(envelope_of(event)))
    (line,) = said(capsys)
    assert (line["level"], line["message"]) == ("WARNING", "permission denied")
    assert (line["needed"], line["error"]) == (["thing:admin"], "TOO_FAR")


def test_a_thing_that_is_hidden_is_denied_and_one_that_is_not_there_is_not(table, capsys):
    note(NotFound("No."))
    assert (table.items(), said(capsys)) == ([], [])
    note(NotFound("No.").hiding())
    (event,) = table.events("Denial#")
    assert event["type"] == "permission.object_denied"
    assert event["data"]["resource"] == "/things/7"
    check(detail_of(envelope_of(event)))
    (line,) = said(capsys)
    assert (line["level"], line["message"]) == ("WARNING", "object denied")


def test_a_caller_who_keeps_trying_writes_once_a_minute_and_is_counted_always(
    table, capsys, monkeypatch
):
    now = 1_796_040_000
    monkeypatch.setattr(denials, "time", SimpleNamespace(time=lambda: now))
    for _ in range(50):
        note(PermissionDenied("No."))
    services.override(denials.Published, denials.Published())  # as in another container
    note(PermissionDenied("No."))
    assert len(table.events("Denial#")) == 1
    now += 60
    note(PermissionDenied("No."))
    note(PermissionDenied("No."), user_id="u-2")
    found = table.events("Denial#")
    assert len(said(capsys)) == 53
    quarter = 90 * 86_400
    assert sorted(event["expires_at"] for event in found) == [
        now - 60 + quarter, now + quarter, now + quarter
    ]  # fmt: skip


@pytest.mark.parametrize("unknown", [{"user_id": None}, {"role": None}])
def test_nobody_without_an_account_makes_us_write(table, capsys, unknown):
    note(NotFound("No.").hiding(), **unknown)
    assert table.items() == []
    assert len(said(capsys)) == 1


def test_other_errors_are_no_denials(table, capsys):
    note(DomainError("No."))
    assert (table.items(), said(capsys)) == ([], [])


def test_a_table_out_of_order_leaves_the_line_and_the_count(moto, capsys):
    note(PermissionDenied("No."))  # there is no such table
    messages = [line["message"] for line in said(capsys)]
    assert messages[0] == "permission denied"
    assert messages[-1] == "could not publish a denial"
    assert boto3.client("dynamodb").list_tables()["TableNames"] == []


def test_what_the_caller_sent_is_kept_only_so_far(table):
    with request_context(request_id="r-1", user_id="u-1", role="customer"):
        note_denial(PermissionDenied("No."), route="/x", path="/" + "x" * 5_000)
    (event,) = table.events("Denial#")
    assert len(event["data"]["resource"]) == 200
