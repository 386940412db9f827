"""Nothing that a warm function keeps outlives a test."""

import importlib

import pytest

from shared.platform.aws.clients import client
from shared.platform.runtime.services import services
from shared.platform.runtime.settings import settings
from tools.lab.support import environment

RELAY = "functions.inventory.relay_events.handler"


def test_settings_clients_and_services_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE", "earlier")
    before = settings(), client("sqs")
    services.override("something", 1)
    monkeypatch.setenv("SERVICE", "later")
    environment.forget_cached()
    assert settings().service == "later" != before[0].service
    assert client("sqs") is not before[1]
    assert "something" not in services._built


def test_a_handler_reads_the_environment_of_the_test_that_uses_it() -> None:
    first = importlib.import_module(RELAY)
    assert importlib.import_module(RELAY) is first
    environment.forget_handlers()
    assert importlib.import_module(RELAY).handler is not first.handler
