"""Flags decide who is written to; the list in the shop is for everybody."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.platform.flags.names import Flag
from tests.functions.notifications.conftest import CUSTOMER, Service, order_event, registered
from tools.lab.support import environment
from tools.lab.support.http_events import Caller

pytestmark = pytest.mark.row("FLG-02")

OTHER = Caller(user_id="0190a000-0000-7000-8000-0000000000c2")


@pytest.fixture
def set_flag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_to(flag: Flag, setting: dict[str, Any]) -> None:
        path = tmp_path / "flags.json"
        path.write_text(json.dumps({flag: setting}))
        monkeypatch.setenv("FLAGS_FILE", str(path))
        environment.forget_cached()

    return set_to


def off_for(*users: str) -> dict[str, Any]:
    condition = {"action": "KEY_IN_VALUE", "key": "user_id", "value": list(users)}
    return {"default": True, "rules": {"off": {"when_match": False, "conditions": [condition]}}}


def test_without_mails_a_customer_still_finds_the_news_in_the_shop(
    service: Service, set_flag: Any
) -> None:
    set_flag(Flag.CUSTOMER_MAILS, off_for(CUSTOMER.user_id))
    service.deliver(registered(CUSTOMER), registered(OTHER))
    total = {"amount": 100, "currency": "EUR"}
    assert service.deliver(order_event("completed", total=total)) == []
    assert [mail[0] for mail in service.mails] == [["user-2@example.com"]]
    listed = json.loads(service.read()["body"])["data"]["items"]
    assert [item["kind"] for item in listed] == ["order_completed", "welcome"]


def test_a_flag_that_changes_counts_for_what_comes_after(service: Service, set_flag: Any) -> None:
    set_flag(Flag.CUSTOMER_MAILS, {"default": False})
    service.deliver(registered(CUSTOMER))
    set_flag(Flag.CUSTOMER_MAILS, {"default": True})
    service.deliver(order_event("cancelled", paid=False))
    assert len(service.mails) == 1
