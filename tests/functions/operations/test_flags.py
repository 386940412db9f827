"""Administrators see and set flags; what they set reaches AppConfig, in order and exactly."""

import importlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.kernel.clock import SystemClock
from shared.kernel.errors import StaleAggregate
from shared.operations.adapters.appconfig import AppConfigPublisher, PublishingSettings
from shared.operations.adapters.flag_document import document_of
from shared.operations.domain.flag import FlagSetting
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from shared.platform.flags.flags import StoredFlags
from shared.platform.flags.names import MEANINGS, Flag
from shared.platform.flags.stores import FileStore
from tests.support.appconfig import AppConfig, descending
from tests.support.schemas import check
from tools.lab.support import environment
from tools.lab.support.bus_events import bus_event, failed_ids, sqs_batch
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import ADMIN, ANONYMOUS, Caller, http_event
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("FLG-02")

FULL = {
    "enabled": False,
    "users_on": ["u-1"],
    "users_off": ["u-2"],
    "roles_on": ["admin"],
    "percentage": 12.5,
    "starts_at": "2100-12-01T00:00:00.000Z",
    "ends_at": "2100-12-24T00:00:00.000Z",
}


class Flags:
    """The functions about flags, on one table."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def invoke(self, use_case: str, event: Any) -> Any:
        module = importlib.import_module(f"functions.operations.{use_case}.handler")
        return module.handler(event, LambdaContext())

    def set(self, name: str, body: Any, *, caller: Any = ADMIN, **headers: str) -> Answer:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        path = f"/api/v1/flags/{name}"
        event = http_event("PUT", path, body=body, caller=caller, headers=named)
        return Answer.of(self.invoke("set_flag", event))

    def show(self, *, caller: Any = ADMIN) -> Answer:
        return Answer.of(
            self.invoke("list_flags", http_event("GET", "/api/v1/flags", caller=caller))
        )

    def details(self) -> list[dict[str, Any]]:
        """What the relay would put on the bus."""
        return [detail_of(envelope_of(item)) for item in self.table.events("Flag#")]


@pytest.fixture
def flags(table: Table, monkeypatch: pytest.MonkeyPatch) -> Flags:
    monkeypatch.setenv("SERVICE", "operations")
    environment.forget_cached()
    return Flags(table)


def test_flags_are_listed_with_their_meaning_before_they_are_ever_set(flags: Flags) -> None:
    listed = flags.show().data
    assert [each["name"] for each in listed] == [str(flag) for flag in Flag]
    for each in listed:
        meaning = MEANINGS[Flag(each["name"])]
        assert (each["about"], each["enabled"], each["version"]) == (
            meaning.about,
            meaning.default,
            0,
        )


def test_a_flag_is_set_shown_and_its_change_on_record(flags: Flags) -> None:
    answer = flags.set("sales_alerts", FULL)
    assert answer.status == 200
    assert answer.data == FULL | {
        "name": "sales_alerts",
        "about": MEANINGS[Flag.SALES_ALERTS].about,
        "version": 1,
    }
    flags.set("sales_alerts", {"enabled": True})
    assert next(f for f in flags.show().data if f["name"] == "sales_alerts")["enabled"] is True
    first, second = flags.details()
    for detail in (first, second):
        check(detail)
        assert detail["actor"] == ADMIN.user_id
    assert first["data"]["before"] is None
    assert second["data"]["before"] == first["data"]["after"]
    assert second["data"]["after"]["enabled"] is True


@pytest.mark.row("API-04")
def test_a_flag_is_set_at_the_version_that_was_seen(flags: Flags) -> None:
    first = flags.set("sales_alerts", FULL, if_match='"0"')
    assert (first.status, first.headers["etag"]) == (200, '"1"')
    before = flags.table.items()
    late = flags.set("sales_alerts", {"enabled": True}, if_match='"0"')
    assert (late.status, late.code) == (412, "PRECONDITION_FAILED")
    assert flags.table.items() == before
    assert flags.set("sales_alerts", {"enabled": True}, if_match='"1"').headers["etag"] == '"2"'


@pytest.mark.row("API-03")
def test_a_repeated_setting_with_its_key_is_done_once(flags: Flags) -> None:
    first = flags.set("sales_alerts", FULL, idempotency_key="k-1")
    flags.set("sales_alerts", {"enabled": True})
    again = flags.set("sales_alerts", FULL, idempotency_key="k-1")
    assert (again.data, again.headers["idempotency-replayed"]) == (first.data, "true")
    other = flags.set("sales_alerts", {"enabled": True}, idempotency_key="k-1")
    assert (other.status, other.code) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_setting_what_is_set_changes_nothing(flags: Flags) -> None:
    flags.set("sales_alerts", FULL)
    assert flags.set("sales_alerts", FULL).data["version"] == 1
    assert len(flags.details()) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"enabled": "yes"},
        {"percentage": 101},
        {"percentage": -1},
        {"percentage": "10"},
        {"users_on": ["u-1"], "users_off": ["u-1"]},
        {"users_on": ["x"] * 501},
        {"roles_on": ["emperor"]},
        {"starts_at": "tomorrow"},
        {"starts_at": 5},
        {"starts_at": "2100-12-24T00:00:00Z", "ends_at": "2100-12-01T00:00:00Z"},
        {"enabled": False, "ends_at": "2026-01-01T00:00:00Z"},
        {"percentage": 10},
        {"roles_on": ["admin"]},
        {"enabled": False, "percentage": 99.999},
        {"enabled": False, "percentage": 0.001},
        {"unknown": 1},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(
    flags: Flags, changed: dict[str, Any]
) -> None:
    answer = flags.set("sales_alerts", {"enabled": True} | changed)
    assert (answer.status, answer.code) == (422, "VALIDATION_FAILED")
    assert flags.table.items() == []


@pytest.mark.parametrize("percentage", [0, 0.01, 0.29, 12.34, 57.07, 99.99, 100])
def test_a_percentage_is_taken_as_it_is_to_two_decimals(flags: Flags, percentage: float) -> None:
    answer = flags.set("sales_alerts", {"enabled": False, "percentage": percentage})
    assert (answer.status, answer.data["percentage"]) == (200, percentage)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"enabled": True, "percentage": 10, "roles_on": ["admin"]}, {"percentage", "roles_on"}),
        ({"enabled": False, "percentage": 99.999}, {"percentage"}),
        ({"enabled": False, "ends_at": "2026-01-01T00:00:00Z"}, {"ends_at"}),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(
    flags: Flags, body: dict[str, Any], fields: set[str]
) -> None:
    errors = flags.set("sales_alerts", body).json["error"]["errors"]
    assert {error["field"] for error in errors} == fields


def test_an_unknown_flag_is_not_found_and_the_known_ones_are_named(flags: Flags) -> None:
    answer = flags.set("sale_alerts", {"enabled": True})
    assert (answer.status, answer.code) == (404, "FLAG_NOT_FOUND")
    assert answer.json["error"]["details"]["known"] == [str(flag) for flag in Flag]


@pytest.mark.parametrize(("caller", "status"), [(Caller(), 403), (ANONYMOUS, 401)])
def test_flags_are_for_administrators(flags: Flags, caller: Any, status: int) -> None:
    assert flags.set("sales_alerts", {"enabled": False}, caller=caller).status == status
    assert flags.show(caller=caller).status == status
    assert not flags.details()


def one_of_two(number: int) -> dict[str, FlagSetting]:
    """What is never what was published before it."""
    return {"sales_alerts": FlagSetting(enabled=bool(number % 2))}


@pytest.fixture
def appconfig(monkeypatch: pytest.MonkeyPatch) -> AppConfig:
    """In place of AppConfig: neither moto nor DynamoDB Local has its locking token."""
    standing_in = AppConfig()
    monkeypatch.setenv("FLAGS_APPCONFIG", "app/env/profile")
    monkeypatch.setenv("FLAGS_DEPLOYMENT_STRATEGY", "at-once")
    monkeypatch.setattr(
        "shared.operations.wiring.client",
        lambda name: standing_in if name == "appconfig" else 1 / 0,
    )
    return standing_in


def publish(flags: Flags) -> list[str]:
    environment.forget_cached()
    messages = [bus_event(each, source="operations") for each in flags.details()]
    return failed_ids(flags.invoke("publish_flags", sqs_batch(messages[-1])))


def test_what_is_set_is_what_functions_evaluate(
    flags: Flags, appconfig: AppConfig, tmp_path: Any
) -> None:
    flags.set("sales_alerts", {"enabled": False, "users_on": ["u-1"], "percentage": 100})
    assert publish(flags) == []
    assert appconfig.deployed == ["1"]
    path = tmp_path / "flags.json"
    path.write_bytes(appconfig.newest)
    stored = StoredFlags(FileStore(path), SystemClock())
    assert stored.is_on(Flag.SALES_ALERTS, user_id="u-1")
    assert stored.is_on(Flag.SALES_ALERTS, user_id="anybody")
    assert not stored.is_on(Flag.SALES_ALERTS)
    assert stored.is_on(Flag.CUSTOMER_MAILS) is MEANINGS[Flag.CUSTOMER_MAILS].default


def test_an_older_state_never_replaces_a_newer_one(flags: Flags, appconfig: AppConfig) -> None:
    flags.set("sales_alerts", {"enabled": False})
    publish(flags)

    def somebody_else() -> None:
        flags.set("sales_alerts", {"enabled": True})
        appconfig.versions[2] = b"newer"

    appconfig.before_create = somebody_else
    flags.set("sales_alerts", FULL)
    assert publish(flags) == []
    assert json.loads(appconfig.newest)["sales_alerts"]["default"] is True


def test_a_deployment_under_way_leaves_the_message_on_the_queue(
    flags: Flags, appconfig: AppConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**_: Any) -> None:
        error = {"Error": {"Code": "ConflictException", "Message": "deployment in progress"}}
        raise ClientError(error, "StartDeployment")

    monkeypatch.setattr(appconfig, "start_deployment", busy)
    flags.set("sales_alerts", {"enabled": False})
    for _ in range(3):
        assert len(publish(flags)) == 1
    assert list(appconfig.versions) == [1]  # else the hundredth attempt would be the last one ever
    monkeypatch.undo()
    known = PublishingSettings(flags_appconfig="a/b/c", flags_deployment_strategy="s")
    setting = FlagSetting(enabled=False)
    AppConfigPublisher(appconfig, known).publish({"sales_alerts": setting}, after=1)
    assert (appconfig.deployed, list(appconfig.versions)) == (["1"], [1])


def test_an_older_deployment_that_comes_late_is_followed_by_a_newer_one() -> None:
    """The version is made in time, and its deployment starts after a newer one's has ended."""
    known = PublishingSettings(flags_appconfig="a/b/c", flags_deployment_strategy="s")

    class Late(AppConfig):
        def start_deployment(self, **request: Any) -> Any:
            if not self.deployed:
                self.versions[2] = b"newer"
                self.deployed.append("2")
            return super().start_deployment(**request)

    appconfig = Late()
    with pytest.raises(StaleAggregate):  # so the flags are read and published again
        AppConfigPublisher(appconfig, known).publish({}, after=0)
    assert appconfig.deployed == ["2", "1"]


@pytest.mark.parametrize("ordered", [sorted, descending])
def test_the_newest_version_is_found_in_whichever_order_they_are_listed(
    ordered: Callable[[list[int]], list[int]],
) -> None:
    known = PublishingSettings(flags_appconfig="a/b/c", flags_deployment_strategy="s")
    appconfig = AppConfig(ordered)
    publisher = AppConfigPublisher(appconfig, known)
    for number in range(10):
        assert publisher.latest() == number
        publisher.publish(one_of_two(number), after=number)


@pytest.mark.parametrize("ordered", [sorted, descending])
def test_old_versions_go_and_the_deployed_one_stays(
    ordered: Callable[[list[int]], list[int]],
) -> None:
    """AppConfig keeps 100 versions of a profile; before, the 101st change of a flag failed."""
    known = PublishingSettings(flags_appconfig="a/b/c", flags_deployment_strategy="s")
    appconfig = AppConfig(ordered)
    publisher = AppConfigPublisher(appconfig, known)
    for number in range(130):
        publisher.publish(one_of_two(number), after=number)
        assert len(appconfig.versions) <= 20
    assert set(appconfig.versions) == set(range(111, 131))
    assert appconfig.deployed[-1] == "130"


def test_a_version_that_cannot_be_removed_fails_no_publication() -> None:
    known = PublishingSettings(flags_appconfig="a/b/c", flags_deployment_strategy="s")

    class Protected(AppConfig):
        def delete_hosted_configuration_version(self, **_: Any) -> None:
            error = {"Error": {"Code": "ConflictException", "Message": "it is in use"}}
            raise ClientError(error, "DeleteHostedConfigurationVersion")

    appconfig = Protected()
    publisher = AppConfigPublisher(appconfig, known)
    for number in range(22):
        publisher.publish(one_of_two(number), after=number)
    assert len(appconfig.deployed) == 22


def test_a_stale_publication_is_told_from_every_other_refusal() -> None:
    known = PublishingSettings(flags_appconfig="a/b/c", flags_deployment_strategy="s")
    appconfig = AppConfig()
    publisher = AppConfigPublisher(appconfig, known)
    publisher.publish({}, after=0)
    appconfig.versions[2] = b"newer"
    with pytest.raises(StaleAggregate):
        publisher.publish(one_of_two(0), after=1)
    assert set(appconfig.versions) == {1, 2}


def test_the_order_of_the_rules_is_the_order_of_decision() -> None:
    setting = FlagSetting.from_data(
        {
            "enabled": True,
            "users_on": ["a"],
            "users_off": ["b"],
            "roles_on": ["admin"],
            "share": 1,
            "starts_at": "2026-01-01T00:00:00.000Z",
            "ends_at": "2026-01-02T00:00:00.000Z",
        }
    )
    rules = document_of({"f": setting})["f"]["rules"]
    assert list(rules) == [
        "users off",
        "users on",
        "not yet",
        "over",
        "roles on",
        "share of users",
    ]
