"""GET /api/v1/users/me, GET /.well-known/jwks.json, and the relay."""

from typing import Any

import boto3
import jsonschema
import jwt
import pytest

from shared.identity.domain.login_throttle import FREE_FAILURES
from shared.platform.dynamodb.codec import from_item
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from tests.functions.identity.conftest import AUDIENCE, ISSUER, Service, sample
from tests.support.aws_calls import counted_calls
from tests.support.schemas import check
from tools.lab.support.bus_events import failed_ids, stream_batch
from tools.lab.support.http_events import ADMIN, ANONYMOUS, INVALID, Caller, http_event

ME = "/api/v1/users/me"


@pytest.mark.row("SEC-01")
def test_a_caller_sees_who_they_are_with_one_read(service: Service) -> None:
    user = service.register().data
    event = http_event("GET", ME, caller=Caller(user_id=user["id"], grants=["order:admin"]))
    service.send("get_me", event)
    with counted_calls() as calls:
        answer = service.send("get_me", event)
    assert calls.dynamodb == {"GetItem": 1}
    permissions = answer.data.pop("permissions")
    assert answer.data == {**user, "roles": ["customer"]}
    assert {"profile:read", "order:place", "order:admin"} <= set(permissions)
    assert permissions == sorted(permissions)


@pytest.mark.row("PRM-01")
@pytest.mark.parametrize(
    ("caller", "status", "code"),
    [
        (ANONYMOUS, 401, "AUTHENTICATION_FAILED"),
        (INVALID, 401, "INVALID_TOKEN"),
        ({"kind": "unavailable"}, 503, "TEMPORARILY_UNAVAILABLE"),
        (ADMIN, 404, "USER_NOT_FOUND"),
    ],
)
def test_nobody_else_sees_anything(
    service: Service, caller: object, status: int, code: str
) -> None:
    answer = service.send("get_me", http_event("GET", ME, caller=caller))  # type: ignore[arg-type]
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.row("SEC-02")
def test_the_key_set_is_public_raw_and_cacheable(service: Service) -> None:
    answer = service.send("get_jwks", sample("get_jwks"))
    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["content-type"] == "application/jwk-set+json"
    (key,) = answer.json["keys"]
    assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}  # and no "d": that one is private


@pytest.mark.row("SEC-02")
def test_any_jose_library_verifies_a_token_with_the_published_keys(service: Service) -> None:
    token = service.token()
    keys = jwt.PyJWKSet.from_dict(service.send("get_jwks", sample("get_jwks")).json)
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(
        token,
        keys[header["kid"]].key,
        algorithms=["EdDSA"],
        issuer=ISSUER,
        audience=AUDIENCE,
        options={"require": ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"]},
    )
    assert header["typ"] == "at+jwt"
    assert claims["exp"] - claims["iat"] == 600


@pytest.mark.row("OPS-04")
def test_every_function_takes_its_sample_event(service: Service) -> None:
    assert service.send("register", sample("register")).status == 201
    assert service.send("log_in", sample("log_in")).status == 200
    assert service.send("get_me", sample("get_me")).status == 404  # the sample's user is nobody
    assert service.send("refresh_tokens", sample("refresh_tokens")).status == 401
    assert service.send("log_out", sample("log_out")).status == 401
    assert service.send("list_sessions", sample("list_sessions")).data == []
    assert service.send("end_session", sample("end_session")).status == 404
    assert service.send("list_users", sample("list_users")).status == 200
    for act in (
        "deactivate_user",
        "reactivate_user",
        "change_roles",
        "grant_permission",
        "revoke_permission",
        "get_user_permissions",
        "get_user",
    ):
        assert service.send(act, sample(act)).status == 404
    assert service.send("change_password", sample("change_password")).status == 404
    assert "error" not in service.invoke("rotate_signing_keys", sample("rotate_signing_keys"))


@pytest.mark.row("EVT-01")
def test_the_relay_publishes_what_was_committed_in_the_form_of_the_schemas(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = boto3.client("events").create_event_bus(Name="identity-test")["EventBusArn"]
    monkeypatch.setenv("EVENT_BUS_NAME", bus)
    service.register()
    for _ in range(FREE_FAILURES + 1):
        service.log_in("wrong")
    service.log_in("wrong", email="nobody@example.com")
    service.register(email="known@example.com")
    device = service.log_in(email="known@example.com").data["device_token"]
    for _ in range(FREE_FAILURES + 1):
        service.log_in("wrong", email="known@example.com", device_token=device)
    service.log_in(email="nobody@example.com")
    service.register(email="nobody@example.com")
    stolen = service.log_in(email="nobody@example.com").data["refresh_token"]
    for _ in range(2):
        latest = service.refresh(stolen).data["refresh_token"]
    service.refresh(latest)
    assert service.refresh(stolen).status == 401
    events = [detail_of(envelope_of(item)) for item in service.table.events()]
    checked = {check(event) for event in events}
    assert checked == {
        "security.token_reused",
        "session.ended",
        "session.started",
        "user.registered",
        "user.login_failed",
        "user.login_locked_out",
        "user.login_recovered",
    }
    answer = service.invoke("relay_events", stream_batch(service.table.events()))
    assert failed_ids(answer) == []
    assert failed_ids(service.invoke("relay_events", sample("relay_events"))) == []


def test_a_schema_refuses_what_is_not_the_event() -> None:
    event = detail_of(envelope_of(from_item(_sample_image())))
    assert check(event) == "user.registered"
    event["data"]["password"] = "secret"
    with pytest.raises(jsonschema.ValidationError):
        check(event)


def _sample_image() -> Any:
    (record,) = sample("relay_events")["Records"]
    return record["dynamodb"]["NewImage"]
