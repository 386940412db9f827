"""Flags by user, role, share and time; at their defaults when the store is down."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.kernel.clock import FixedClock, to_iso
from shared.platform.flags.buckets import BUCKETS, bucket, bucket_key
from shared.platform.flags.flags import FeatureFlags, StoredFlags
from shared.platform.flags.names import MEANINGS, Flag
from shared.platform.flags.stores import (
    MAX_AGE_SECONDS,
    FileStore,
    FlagSettings,
    ForgivingStore,
    store_of,
)
from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.services import services
from shared.platform.telemetry.metrics import metrics
from tools.lab.support import environment

pytestmark = pytest.mark.row("FLG-01")

FLAG = Flag.SALES_ALERTS
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
USERS = [f"0190a000-0000-7000-8000-{number:012x}" for number in range(10_000)]


def rule(action: str, key: str, value: Any, *, on: bool = True) -> dict[str, Any]:
    return {"when_match": on, "conditions": [{"action": action, "key": key, "value": value}]}


def share(percent: float) -> dict[str, Any]:
    span = {"BASE": BUCKETS, "START": 0, "END": round(percent / 100 * BUCKETS) - 1}
    return {"default": False, "rules": {"share": rule("MODULO_RANGE", bucket_key(FLAG), span)}}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def flags(tmp_path: Path, clock: FixedClock) -> Callable[[Any], StoredFlags]:
    """Flags from a file that holds this setting of one flag."""

    def made(setting: Any) -> StoredFlags:
        path = tmp_path / "flags.json"
        path.write_text(json.dumps({FLAG: setting}))
        return StoredFlags(ForgivingStore(FileStore(path)), clock)

    return made


def test_on_and_off(flags: Callable[[Any], StoredFlags]) -> None:
    assert flags({"default": True}).is_on(FLAG)
    assert not flags({"default": False}).is_on(FLAG)


def test_per_user_and_per_role(flags: Callable[[Any], StoredFlags]) -> None:
    rules = {
        "off": rule("KEY_IN_VALUE", "user_id", ["ada"], on=False),
        "on": rule("KEY_IN_VALUE", "role", ["admin"]),
    }
    stored = flags({"default": False, "rules": rules})
    assert stored.is_on(FLAG, user_id="bob", role="admin")
    assert not stored.is_on(FLAG, user_id="ada", role="admin")
    assert not stored.is_on(FLAG, user_id="bob", role="customer")
    assert not stored.is_on(FLAG)


def test_a_time_window_begins_and_ends(
    flags: Callable[[Any], StoredFlags], clock: FixedClock
) -> None:
    begins, ends = to_iso(NOW + timedelta(hours=1)), to_iso(NOW + timedelta(hours=2))
    rules = {
        "not yet": rule("KEY_LESS_THAN_VALUE", "now", begins, on=False),
        "over": rule("KEY_GREATER_THAN_OR_EQUAL_VALUE", "now", ends, on=False),
    }
    stored = flags({"default": True, "rules": rules})
    seen = []
    for _ in range(4):
        seen.append(stored.is_on(FLAG))
        clock.advance(timedelta(minutes=45))
    assert seen == [False, False, True, False]


@pytest.mark.parametrize("percent", [1, 10, 33.33, 50, 99])
def test_a_share_of_10_000_users_is_what_was_asked_for(
    flags: Callable[[Any], StoredFlags], percent: float
) -> None:
    stored = flags(share(percent))
    chosen = sum(stored.is_on(FLAG, user_id=user) for user in USERS)
    assert abs(chosen / len(USERS) * 100 - percent) <= 1


def who_is_in(stored: StoredFlags) -> set[str]:
    return {user for user in USERS[:2_000] if stored.is_on(FLAG, user_id=user)}


def test_who_is_in_a_share_stays_while_it_grows(flags: Callable[[Any], StoredFlags]) -> None:
    few, more = (who_is_in(flags(share(percent))) for percent in (10, 30))
    assert few < more


def test_another_flag_chooses_other_users() -> None:
    tenth = BUCKETS // 10
    first = {user for user in USERS if bucket(Flag.SALES_ALERTS, user) < tenth}
    second = {user for user in USERS if bucket(Flag.CUSTOMER_MAILS, user) < tenth}
    assert 50 < len(first & second) < 160  # a tenth of a tenth


class Failing(FileStore):
    """A file that can be taken away; counts how often it is read."""

    reads = 0

    @property
    def get_raw_configuration(self) -> dict[str, Any]:
        self.reads += 1
        return super().get_raw_configuration


def published(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    metrics.flush_metrics()
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    return [line for line in lines if "FlagStoreError" in line]


def test_store_down_means_defaults_a_metric_and_some_rest_for_the_store(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    store = Failing(tmp_path / "missing.json")
    stored = StoredFlags(ForgivingStore(store, monotonic=lambda: now[0]), FixedClock(NOW))
    assert [stored.is_on(flag) for flag in Flag] == [MEANINGS[flag].default for flag in Flag]
    assert store.reads == 1
    assert published(capfd)[0]["FlagStoreError"] == [1]
    (tmp_path / "missing.json").write_text(json.dumps({FLAG: {"default": False}}))
    assert stored.is_on(FLAG)
    now[0] = MAX_AGE_SECONDS
    assert not stored.is_on(FLAG)
    (tmp_path / "missing.json").unlink()
    assert not stored.is_on(FLAG), "what was known holds while the store is down"


@pytest.mark.parametrize(
    "document", ["[]", "not json", '{"sales_alerts": {"default": "yes", "rules": 5}}']
)
def test_a_malformed_document_means_defaults_and_a_metric(
    tmp_path: Path, document: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "flags.json"
    path.write_text(document)
    stored = StoredFlags(ForgivingStore(FileStore(path)), FixedClock(NOW))
    assert stored.is_on(FLAG) is MEANINGS[FLAG].default
    assert published(capfd)


def test_every_flag_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Flag)


def test_the_store_is_chosen_by_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(services.get(FeatureFlags)) is FeatureFlags
    environment.forget_cached()
    path = tmp_path / "flags.json"
    path.write_text(json.dumps({FLAG: {"default": False}}))
    monkeypatch.setenv("FLAGS_FILE", str(path))
    assert not services.get(FeatureFlags).is_on(FLAG)


@pytest.mark.parametrize("name", ["shop", "shop/dev", "shop//flags", "a/b/c/d"])
def test_half_a_name_is_no_setting(name: str) -> None:
    with pytest.raises(ConfigurationError, match="FLAGS_APPCONFIG"):
        store_of(FlagSettings(flags_appconfig=name))
