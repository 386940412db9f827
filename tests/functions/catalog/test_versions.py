"""Version 2 of the product endpoints groups products; version 1 goes on and says that it ends."""

import json
from typing import Any

import pytest

from tests.functions.catalog.conftest import SHOPKEEPER, TEAPOT, Service
from tools.lab.support.http_events import INVALID

pytestmark = pytest.mark.row("API-02")

GROUPED = TEAPOT | {"category": "kitchen", "tags": ["tea", "gift"]}


def test_version_2_creates_shows_lists_and_changes_groups(service: Service) -> None:
    made = service.v2("POST", body=GROUPED)
    assert made.status == 201
    assert made.headers["location"] == f"/api/v2/products/{made.data['id']}"
    assert (made.data["category"], made.data["tags"]) == ("kitchen", ["tea", "gift"])
    path = f"/{made.data['id']}"
    assert service.v2("GET", path).data == made.data
    assert service.v2("GET").data["items"] == [made.data]
    changed = service.v2("PATCH", path, {"category": "garden", "tags": []})
    assert (changed.data["category"], changed.data["tags"]) == ("garden", [])
    assert changed.data["version"] == 2
    stored = [event["type"] for event in service.table.events("Product#")]
    assert stored == ["product.created", "product.updated"]


def test_version_1_shows_the_same_product_without_its_groups(service: Service) -> None:
    made = service.v2("POST", body=GROUPED).data
    old = {name: value for name, value in made.items() if name not in ("category", "tags")}
    assert service.get(made["id"], caller=SHOPKEEPER).data == old
    assert service.list(caller=SHOPKEEPER).data["items"] == [old]


def test_version_1_leaves_the_groups_as_they_are(service: Service) -> None:
    made = service.v2("POST", body=GROUPED).data
    service.update(made["id"], {"overview": "Changed."})
    now = service.v2("GET", f"/{made['id']}").data
    assert now == made | {
        "overview": "Changed.",
        "version": 2,
        "updated_at": now["updated_at"],
    }


def test_what_version_1_made_is_uncategorised(service: Service) -> None:
    made = service.create().data
    shown = service.v2("GET", f"/{made['id']}").data
    assert (shown["category"], shown["tags"]) == ("uncategorised", [])


@pytest.mark.parametrize(
    "changed",
    [
        {"category": "Kitchen"},
        {"category": "kitchen\n"},
        {"category": ""},
        {"category": None},
        {"category": "x" * 41},
        {"tags": ["tea", "tea"]},
        {"tags": ["a"] * 21},
        {"tags": "tea"},
        {"tags": [1]},
        {"tags": ["Tea"]},
        {"unknown": 1},
    ],
)
def test_bad_groups_are_refused_and_nothing_is_written(
    service: Service, changed: dict[str, Any]
) -> None:
    answer = service.v2("POST", body=GROUPED | changed)
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert service.table.items() == []


def test_version_1_knows_no_groups(service: Service) -> None:
    assert service.create(GROUPED).status == 422


def answers_of_version_1(service: Service) -> dict[str, Any]:
    made = service.create()
    return {
        "create": made,
        "get": service.get(made.data["id"]),
        "list": service.list(),
        "update": service.update(made.data["id"], {"overview": "x"}),
        "not found": service.get("0190a000-0000-7000-8000-00000000dead"),
        "refused": service.create({}),
        "unknown caller": service.create(caller=INVALID, mnemonic="CUP"),
    }


def test_every_answer_of_version_1_says_that_it_ends_and_what_follows(service: Service) -> None:
    for what, answer in answers_of_version_1(service).items():
        said = {name: answer.headers.get(name) for name in ("deprecation", "sunset", "link")}
        assert said == {
            "deprecation": "@1795219200",
            "sunset": "Tue, 30 Nov 2027 00:00:00 GMT",
            "link": '</api/v2/products>; rel="successor-version"',
        }, what


def test_no_answer_of_version_2_does(service: Service) -> None:
    assert "deprecation" not in service.v2("POST", body=GROUPED).headers


def test_each_use_of_version_1_is_logged_and_counted(
    service: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    service.get("0190a000-0000-7000-8000-00000000dead", user_agent="till/2.1")
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    (used,) = (line for line in lines if line.get("message") == "deprecated endpoint used")
    assert used["route"] == "GET /api/v1/products/{product_id}"
    assert used["user_agent"] == "till/2.1"
    (counted,) = (line for line in lines if "DeprecatedRequest" in line)
    assert counted["DeprecatedRequest"] == [1]
