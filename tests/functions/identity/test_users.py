"""GET /api/v1/users and GET /api/v1/users/{user_id}."""

from typing import Any

import pytest

from shared.identity.adapters.migrations import MIGRATIONS
from tests.functions.identity.conftest import PASSWORD, Service
from tests.support.aws_calls import counted_calls
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import ADMIN, Caller, http_event
from tools.operate.create_admin import create_admin

pytestmark = pytest.mark.row("PRM-01")
PEOPLE = {
    "Ada Lovelace": "ada@example.com",
    "Bob": "Bob.Ada@shop.example",
    "Céline ŁĄCKA": "celine@example.com",
}


@pytest.fixture
def people(service: Service) -> dict[str, str]:
    """Three people and an administrator, by name, the oldest first."""
    made = {
        name: service.register(name=name, email=email).data["id"] for name, email in PEOPLE.items()
    }
    client, table = service.table.client, service.table.name
    root = create_admin(client, table, email="root@example.com", name="Root", password=PASSWORD)
    return {**made, "Root": root.user_id}


def listed(service: Service, caller: Any = ADMIN, **query: str) -> Answer:
    return service.send(
        "list_users", http_event("GET", "/api/v1/users", query=query, caller=caller)
    )


def names(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.json
    return [each["name"] for each in answer.data["items"]]


def shown(service: Service, user_id: str) -> Answer:
    path = "/api/v1/users/{user_id}"
    known = {"user_id": user_id}
    event = http_event(
        "GET", path.format(**known), route=path, caller=ADMIN, path_parameters=known
    )
    return service.send("get_user", event)


def deactivate(service: Service, user_id: str) -> Answer:
    path = "/api/v1/users/{user_id}/deactivate"
    event = http_event("POST", path.format(user_id=user_id), route=path, caller=ADMIN)
    event["pathParameters"] = {"user_id": user_id}
    return service.send("deactivate_user", event)


def test_a_user_is_shown_with_one_read(service: Service, people: dict[str, str]) -> None:
    ada = people["Ada Lovelace"]
    shown(service, ada)
    with counted_calls() as calls:
        answer = shown(service, ada)
    assert calls.dynamodb == {"GetItem": 1}
    created_at = answer.data.pop("created_at")
    assert answer.data == {
        "id": ada,
        "email": "ada@example.com",
        "name": "Ada Lovelace",
        "is_active": True,
        "roles": ["customer"],
        "version": 1,
    }
    assert created_at.endswith("Z")
    assert answer.headers["etag"] == '"1"'
    assert shown(service, "no id").code == "USER_NOT_FOUND"
    assert shown(service, ada[:-1] + ("0" if ada[-1] != "0" else "1")).code == "USER_NOT_FOUND"


def test_users_are_listed_newest_first_with_one_query(
    service: Service, people: dict[str, str]
) -> None:
    with counted_calls() as calls:
        assert names(listed(service)) == ["Root", "Céline ŁĄCKA", "Bob", "Ada Lovelace"]
    assert calls.dynamodb == {"Query": 1}


def test_pages_lead_from_one_to_the_next_and_back(
    service: Service, people: dict[str, str]
) -> None:
    first = listed(service, limit="3")
    cursor = first.data["next_cursor"]
    second = listed(service, limit="3", cursor=cursor)
    assert names(first) + names(second) == [*reversed(people)]
    assert second.data["next_cursor"] is None
    assert names(listed(service, limit="3", cursor=second.data["prev_cursor"])) == names(first)


def test_a_cursor_is_good_for_whom_it_was_given_to_and_for_what(
    service: Service, people: dict[str, str]
) -> None:
    cursor = listed(service, limit="1").data["next_cursor"]
    other = Caller(user_id="0190a000-0000-7000-8000-0000000000fe", role="admin")
    for refused in (
        listed(service, other, limit="1", cursor=cursor),
        listed(service, limit="1", cursor=cursor, role="customer"),
        listed(service, limit="1", cursor=cursor[:-2] + "AA"),
    ):
        assert (refused.status, refused.code) == (422, "INVALID_CURSOR")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"search": "ada"}, ["Bob", "Ada Lovelace"]),
        ({"search": "LOVE"}, ["Ada Lovelace"]),
        ({"search": "łącka"}, ["Céline ŁĄCKA"]),
        ({"search": "nobody"}, []),
        ({"email_domain": "EXAMPLE.com"}, ["Root", "Céline ŁĄCKA", "Ada Lovelace"]),
        ({"email_domain": "example"}, []),
        ({"role": "admin"}, ["Root"]),
        ({"role": "sales"}, []),
        ({"search": "ada", "email_domain": "example.com"}, ["Ada Lovelace"]),
        ({"created_after": "2020-01-01T00:00:00Z"}, [*reversed([*PEOPLE, "Root"])]),
        ({"created_after": "2999-01-01T00:00:00Z"}, []),
    ],
)
def test_a_list_is_narrowed(
    service: Service, people: dict[str, str], query: dict[str, str], expected: list[str]
) -> None:
    assert names(listed(service, **query)) == expected


def test_created_after_a_moment_is_later_than_it(service: Service, people: dict[str, str]) -> None:
    bob = shown(service, people["Bob"]).data["created_at"]
    assert "Bob" not in names(listed(service, created_after=bob))
    assert "Ada Lovelace" not in names(listed(service, created_after=bob))


def test_who_is_locked_out_is_among_the_others_and_can_be_left_out(
    service: Service, people: dict[str, str]
) -> None:
    assert deactivate(service, people["Bob"]).status == 200
    assert names(listed(service, is_active="false")) == ["Bob"]
    assert names(listed(service, is_active="true")) == ["Root", "Céline ŁĄCKA", "Ada Lovelace"]
    (bob,) = listed(service, is_active="false").data["items"]
    assert (bob["is_active"], bob["version"]) == (False, 2)


@pytest.mark.parametrize(
    "query",
    [
        {"search": "a"},
        {"search": "a" * 101},
        {"search": "ada\nbob"},
        {"role": "of tomorrow"},
        {"email_domain": "ada@example.com"},
        {"is_active": "perhaps"},
        {"created_after": "yesterday"},
        {"limit": "0"},
    ],
)
def test_a_question_that_means_nothing_is_refused(
    service: Service, people: dict[str, str], query: dict[str, str]
) -> None:
    refused = listed(service, **query)
    assert (refused.status, refused.code) == (422, "VALIDATION_FAILED")


def test_no_key_of_the_list_names_anybody(service: Service, people: dict[str, str]) -> None:
    for name, user_id in people.items():
        item = service.table.get(f"User#{user_id}", "STATE")
        assert item is not None
        assert item["GSI1PK"] == "USERS"
        assert item["GSI1SK"] == f"{item['created_at']}#{user_id}"
        assert name not in f"{item['GSI1PK']} {item['GSI1SK']}"


def test_users_of_an_earlier_release_are_listed_once_they_are_migrated(
    service: Service, people: dict[str, str]
) -> None:
    later = {"GSI1PK", "GSI1SK", "email_domain", "sought", "roles", "restrictions"}
    ada = f"User#{people['Ada Lovelace']}"
    state = service.table.get(ada, "STATE")
    assert state is not None
    service.table.put({name: value for name, value in state.items() if name not in later})
    assert "Ada Lovelace" not in names(listed(service))
    assert shown(service, people["Ada Lovelace"]).data["roles"] == ["customer"]
    (migration,) = MIGRATIONS
    old = service.table.get(ada, "STATE")
    assert old is not None
    migrated = migration.change(old)
    assert migrated == state
    assert migration.change(state) == state
    service.table.put(state)
    assert "Ada Lovelace" in names(listed(service))
    for other in ({"PK": ada, "SK": "ACCESS"}, {"PK": "Session#1", "SK": "STATE"}):
        assert migration.change(other) is None


def test_nobody_but_administrators(service: Service, people: dict[str, str]) -> None:
    refused = listed(service, Caller(role="support"))
    assert (refused.status, refused.code) == (403, "PERMISSION_DENIED")
