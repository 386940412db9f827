"""`make leaked`: what it does to functions, and what it leaves alone."""

import io
import json
from typing import Any

import pytest

from tools.entry.guard import ToolError
from tools.operate.leaked import SINCE, end_all_tokens, main, replace_service_secret

AT = "2026-01-31T12:00:00.000Z"


class Waiter:
    def wait(self, **_: str) -> None: ...


class Lambda:
    """Four functions, each live in version 1; remembers what was changed, in order."""

    def __init__(self) -> None:
        self.latest: dict[str, dict[str, Any]] = {
            name: {"CodeSha256": "a", "Environment": {"Variables": {"SERVICE": "identity"}}}
            for name in ("rotate_signing_keys", "log_in", "refresh_tokens", "authorize")
        }
        self.live = {name: {"CodeSha256": "a"} for name in self.latest}
        self.weights: dict[str, float] = {}
        self.done: list[tuple[str, str]] = []

    def invoke(self, *, FunctionName: str, Qualifier: str, Payload: bytes) -> Any:  # noqa: N803
        assert Qualifier == "live"
        self.done.append((FunctionName, Payload.decode()))
        return {"Payload": io.BytesIO(json.dumps({"published_at": AT}).encode())}

    def get_alias(self, **_: str) -> Any:
        return {
            "FunctionVersion": "1",
            "RoutingConfig": {"AdditionalVersionWeights": self.weights},
        }

    def get_function_configuration(self, *, FunctionName: str, Qualifier: str = "") -> Any:  # noqa: N803
        return (self.live if Qualifier else self.latest)[FunctionName]

    def update_function_configuration(self, *, FunctionName: str, Environment: Any) -> None:  # noqa: N803
        self.latest[FunctionName]["Environment"] = Environment

    def get_waiter(self, _: str) -> Waiter:
        return Waiter()

    def publish_version(self, **_: str) -> Any:
        return {"Version": "2"}

    def update_alias(self, *, FunctionName: str, Name: str, FunctionVersion: str) -> None:  # noqa: N803
        self.done.append((FunctionName, f"{Name} {FunctionVersion}"))


def test_the_key_goes_first_then_who_signs_then_who_verifies() -> None:
    client = Lambda()
    assert end_all_tokens(client, str) == AT
    assert client.done == [
        ("rotate_signing_keys", '{"leaked": true}'),
        ("log_in", "live 2"),
        ("refresh_tokens", "live 2"),
        ("authorize", "live 2"),
    ]
    expected = {"SERVICE": "identity", SINCE: AT}
    for name in ("log_in", "refresh_tokens", "authorize"):
        assert client.latest[name]["Environment"] == {"Variables": expected}


def test_no_half_deployed_code_goes_live_by_it_and_the_key_is_replaced_all_the_same() -> None:
    client = Lambda()
    client.latest["authorize"]["CodeSha256"] = "b"
    with pytest.raises(ToolError, match="kept the leaked one") as said:
        end_all_tokens(client, str)
    assert said.value.reasons == [
        "authorize is being deployed: stop that (aws deploy stop-deployment)."
    ]
    assert [name for name, _ in client.done] == [
        "rotate_signing_keys",
        "log_in",
        "refresh_tokens",
    ]


def test_a_gradual_deployment_is_not_finished_by_it() -> None:
    client = Lambda()
    client.weights = {"2": 0.1}
    with pytest.raises(ToolError, match="kept the leaked one"):
        end_all_tokens(client, str)
    assert [name for name, _ in client.done] == ["rotate_signing_keys"]


class Manager:
    """Keeps the values of one secret, newest first, as far as labels go: two."""

    def __init__(self) -> None:
        self.values = ["leaked", "of before"]

    def describe_secret(self, *, SecretId: str) -> Any:  # noqa: N803
        return {"ARN": SecretId}

    def put_secret_value(self, *, SecretId: str, SecretString: str) -> None:  # noqa: N803
        assert SecretId == "arn:secret"
        self.values = [SecretString, self.values[0]]


def test_both_values_of_a_services_secret_go_and_who_is_told_it_begins_anew() -> None:
    client, manager = Lambda(), Manager()
    for name in ("log_in", "refresh_tokens", "authorize"):
        client.latest[name]["Environment"]["Variables"]["SERVICE_SECRET_ARN"] = "arn:secret"
    client.latest["rotate_signing_keys"]["Environment"]["Variables"]["SERVICE_SECRET_ARN"] = "x"
    told = replace_service_secret(manager, client, "arn:secret", client.latest, now=AT)
    assert told == ["log_in", "refresh_tokens", "authorize"]
    assert client.done == [(name, "live 2") for name in told]
    assert {"leaked", "of before"}.isdisjoint(manager.values)
    assert len({*manager.values}) == 2
    assert min(map(len, manager.values)) >= 64
    variables = client.latest["log_in"]["Environment"]["Variables"]
    assert variables == {"SERVICE": "identity", "SERVICE_SECRET_ARN": "arn:secret",
                         "RESTARTED_AT": AT}  # fmt: skip


def test_a_services_secret_is_replaced_also_where_a_function_is_being_deployed() -> None:
    client, manager = Lambda(), Manager()
    client.latest["log_in"]["Environment"]["Variables"]["SERVICE_SECRET_ARN"] = "arn:secret"
    client.weights = {"2": 0.1}
    with pytest.raises(ToolError, match="kept the leaked one") as said:
        replace_service_secret(manager, client, "arn:secret", client.latest, now=AT)
    assert said.value.reasons == [
        "log_in is being deployed: stop that (aws deploy stop-deployment)."
    ]
    assert "leaked" not in manager.values


def test_a_services_secret_is_somebodys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["service-secret"]) != 0
    assert "SERVICE=orders" in capsys.readouterr().err
