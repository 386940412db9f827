"""Nothing that a warm function keeps outlives a test."""

import importlib

import pytest
from botocore import handlers

from shared.platform.aws.clients import _session, client
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


def test_the_session_stays_and_what_is_made_with_it_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment.forget_cached()
    before, first = _session(), client("sqs")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1")
    environment.forget_cached()
    assert _session() is before
    assert client("sqs").meta.region_name == "us-east-1" != first.meta.region_name
    assert client("sqs").meta.endpoint_url == "http://127.0.0.1:1"


def test_a_session_is_made_anew_where_its_handlers_would_be_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment.forget_cached()
    handler = ("before-call.sqs", lambda **_: None)
    monkeypatch.setattr(handlers, "BUILTIN_HANDLERS", [*handlers.BUILTIN_HANDLERS, handler])
    environment.forget_cached()
    before = _session()
    monkeypatch.undo()
    environment.forget_cached()
    assert _session() is not before
