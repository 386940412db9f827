"""redrive_dead_letters: back on the queue, with the reason, and not round and round."""

import json
from typing import Any

import pytest

from shared.operations.use_cases.redrive_dead_letters import RedriveDeadLettersHandler
from shared.platform.runtime.services import get_service
from tests.functions.operations.conftest import CONSUMER, Desk
from tools.lab.support.functions import sample_event

pytestmark = pytest.mark.row("EVT-05")

LONG_AGO = "2026-01-01T00:00:00.000Z"


@pytest.mark.row("OPS-04")
def test_letters_go_back_with_their_reasons(desk: Desk) -> None:
    for number in range(25):
        reason = "RuntimeError: odd" if number % 2 else "RuntimeError: even"
        desk.put_dead_letter(f"letter-{number}", reason=reason, given_up_at=LONG_AGO)
    answer = desk.ask("redrive_dead_letters", **sample_event("operations", "redrive_dead_letters"))
    assert answer["done"]
    assert (answer["moved"], answer["remaining"]) == (25, 0)
    assert answer["reasons"] == {"RuntimeError: odd": 12, "RuntimeError: even": 13}
    back = dict(desk.queued())
    assert set(back) == {f"letter-{number}" for number in range(25)}
    assert back["letter-1"] == {
        "reason": "RuntimeError: odd",
        "given_up_at": LONG_AGO,
        "redrives": "1",
    }
    assert desk.queued(desk.dead) == []


def test_it_counts_how_often(desk: Desk) -> None:
    desk.put_dead_letter("again", reason="x", given_up_at=LONG_AGO, redrives="2")
    desk.ask("redrive_dead_letters", consumer=CONSUMER)
    ((_, attributes),) = desk.queued()
    assert attributes["redrives"] == "3"


def test_what_the_bus_could_not_deliver_has_a_reason_too(desk: Desk) -> None:
    desk.put_dead_letter(
        "undelivered", ERROR_CODE="NO_PERMISSIONS", ERROR_MESSAGE="access to SQS denied"
    )
    desk.put_dead_letter("killed")
    answer = desk.ask("redrive_dead_letters", consumer=CONSUMER)
    assert answer["reasons"] == {
        "access to SQS denied": 1,
        "no reason on record: the function died, or ran out of time": 1,
    }


def test_what_fails_again_at_once_is_not_put_back_in_the_same_run(desk: Desk) -> None:
    handler = get_handler(desk)
    desk.put_dead_letter("poison", reason="nonsense", given_up_at=LONG_AGO)
    send = handler.queues.send
    rounds = []

    def fails_at_once(queue, letters):
        taken = send(queue, letters)
        rounds.append(len(taken))
        for letter in taken:
            now = handler.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
            desk.put_dead_letter(letter.body, **{**letter.attributes, "given_up_at": now})
        return taken

    object.__setattr__(handler.queues, "send", fails_at_once)
    answer = desk.ask("redrive_dead_letters", consumer=CONSUMER)
    assert [count for count in rounds if count] == [1]
    assert (answer["done"], answer["moved"], answer["remaining"]) == (True, 1, 1)
    looked = desk.ask("redrive_dead_letters", consumer=CONSUMER, look=True)
    assert [letter["body"] for letter in looked["letters"]] == ["poison"]


def get_handler(desk: Desk) -> RedriveDeadLettersHandler:
    desk.ask("redrive_dead_letters")  # imports the function, which registers its services
    return get_service(RedriveDeadLettersHandler)


def test_a_limit_is_kept_and_the_rest_stays(desk: Desk) -> None:
    for number in range(5):
        desk.put_dead_letter(f"letter-{number}", given_up_at=LONG_AGO)
    answer = desk.ask("redrive_dead_letters", consumer=CONSUMER, limit=2)
    assert (answer["done"], answer["moved"]) == (True, 2)
    assert len(desk.queued()) == 2
    assert len(desk.queued(desk.dead)) == 3


def test_a_run_that_has_no_time_goes_on_in_the_next_invocation(desk: Desk) -> None:
    desk.put_dead_letter("letter", given_up_at=LONG_AGO)
    first = desk.ask("redrive_dead_letters", remaining_ms=3_000, consumer=CONSUMER)
    assert (first["done"], first["moved"]) == (False, 0)
    second = desk.ask("redrive_dead_letters", consumer=CONSUMER, position=first["position"])
    assert (second["done"], second["moved"]) == (True, 1)


def test_the_limit_is_that_of_the_whole_run(desk: Desk) -> None:
    for number in range(3):
        desk.put_dead_letter(f"letter-{number}", given_up_at=LONG_AGO)
    position = {"began": "2026-02-01T00:00:00.000Z", "left": 1}
    answer = desk.ask("redrive_dead_letters", consumer=CONSUMER, limit=2, position=position)
    assert (answer["done"], answer["moved"], answer["position"]["left"]) == (True, 1, 0)


def test_looking_changes_nothing(desk: Desk) -> None:
    desk.put_dead_letter("letter", reason="RuntimeError: because")
    for _ in range(2):
        answer = desk.ask("redrive_dead_letters", consumer=CONSUMER, look=True)
        assert answer["letters"] == [
            {
                "reason": "RuntimeError: because",
                "body": "letter",
                "attributes": {"reason": "RuntimeError: because"},
            }
        ]
    assert desk.queued() == []


def test_without_a_consumer_it_counts(desk: Desk) -> None:
    desk.put_dead_letter("letter")
    answer = desk.ask("redrive_dead_letters")
    assert answer == {"done": True, "dead_letters": {CONSUMER: 1, "orders.relay_events": 0}}


def test_a_relays_letters_are_listed_and_shown_and_not_put_back(desk: Desk) -> None:
    keys = json.dumps({"keys": {"PK": {"S": "Order#o-1"}, "SK": {"S": "EVENT#000000000002"}}})
    desk.put_dead_letter(keys, queue=desk.relay, reason="UnfitEvent: too large")
    assert desk.ask("redrive_dead_letters")["dead_letters"]["orders.relay_events"] == 1
    answer = desk.ask("redrive_dead_letters", consumer="orders.relay_events", look=True)
    assert [letter["reason"] for letter in answer["letters"]] == ["UnfitEvent: too large"]
    answer = desk.ask("redrive_dead_letters", consumer="orders.relay_events")
    assert answer["error"]["code"] == "NOTHING_TO_REDRIVE"
    assert len(desk.queued(desk.relay)) == 1


def test_a_letter_that_its_queue_refuses_stays(desk: Desk) -> None:
    """SQS says of each message of a batch whether it was taken."""
    for number in range(3):
        desk.put_dead_letter(f"letter-{number}", given_up_at=LONG_AGO)

    def refuse(parsed: dict[str, Any], **_: Any) -> None:
        refused = parsed["Successful"].pop()
        parsed["Failed"] = [{"Id": refused["Id"], "SenderFault": True, "Code": "No"}]

    events = get_handler(desk).queues._sqs.meta.events  # type: ignore[attr-defined]
    events.register("after-call.sqs.SendMessageBatch", refuse)
    answer = desk.ask("redrive_dead_letters", consumer=CONSUMER)
    assert (answer["moved"], answer["refused"]) == (2, 1)
    assert len(desk.queued(desk.dead)) == 1


def test_large_letters_go_back_in_calls_that_carry_them(desk: Desk) -> None:
    for _ in range(4):
        desk.put_dead_letter("x" * 120_000, given_up_at=LONG_AGO)
    answer = desk.ask("redrive_dead_letters", consumer=CONSUMER)
    assert (answer["moved"], answer["refused"]) == (4, 0)
    assert len(desk.queued()) == 4


@pytest.mark.parametrize(
    "asked",
    [{"limit": 0}, {"limit": "10"}, {"look": 1}, {"consumer": 7}, {"surprise": 1}],
)
def test_what_is_refused_says_why(desk: Desk, asked: dict[str, object]) -> None:
    answer = desk.ask("redrive_dead_letters", **asked)
    assert answer["error"]["code"] == "VALIDATION_FAILED"
    (error,) = answer["error"]["details"]["errors"]
    assert error["loc"] == list(asked)


def test_a_relays_letters_are_discarded_with_a_reason_that_is_on_record(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = json.dumps({"keys": {"PK": {"S": "Order#1"}, "SK": {"S": "EVENT#000000000001"}}})
    for _ in range(12):
        desk.put_dead_letter(keys, queue=desk.relay, reason="UnfitEvent: too large")
    answer = desk.ask(
        "redrive_dead_letters", consumer="orders.relay_events", discard=" replayed by hand "
    )
    assert (answer["done"], answer["discarded"], answer["remaining"]) == (True, 12, 0)
    assert answer["reasons"] == {"UnfitEvent: too large": 12}
    assert desk.queued(desk.relay) == []
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "{" in line]
    noted = [line for line in lines if line.get("message") == "dead letter discarded"]
    assert len(noted) == 12
    assert {(line["reason"], line["given_up_for"], line["letter"]) for line in noted} == {
        ("replayed by hand", "UnfitEvent: too large", keys)
    }


def test_a_consumers_letters_are_discarded_up_to_a_limit_and_go_to_no_queue(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    event = json.dumps({"detail": {"type": "order.placed", "id": "event-1"}})
    for _ in range(5):
        desk.put_dead_letter(event, reason="MalformedEvent: x", given_up_at=LONG_AGO)
    answer = desk.ask("redrive_dead_letters", consumer=CONSUMER, discard="a test's", limit=3)
    assert (answer["discarded"], answer["remaining"]) == (3, 2)
    assert "moved" not in answer
    assert desk.queued() == []
    assert '"letter":"order.placed event-1"' in capsys.readouterr().out.replace(": ", ":")
    assert desk.ask("redrive_dead_letters", consumer=CONSUMER)["moved"] == 2


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"discard": "why"}, "consumer"),
        ({"consumer": CONSUMER, "discard": "   "}, "discard"),
        ({"consumer": CONSUMER, "discard": ""}, "discard"),
        ({"consumer": CONSUMER, "discard": 7}, "discard"),
        ({"consumer": CONSUMER, "discard": "x" * 501}, "discard"),
        ({"consumer": CONSUMER, "discard": "why", "look": True}, "discard"),
    ],
)
def test_nothing_is_discarded_without_a_reason_or_by_the_way(
    desk: Desk, asked: dict[str, Any], field: str
) -> None:
    desk.put_dead_letter("x", reason="x", given_up_at=LONG_AGO)
    refused = desk.ask("redrive_dead_letters", **asked)["error"]
    assert refused["code"] == "VALIDATION_FAILED"
    assert field in json.dumps(refused["details"])
    assert len(desk.queued(desk.dead)) == 1
