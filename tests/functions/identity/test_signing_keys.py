"""rotate_signing_keys: keys are published before they sign, and a leaked one ends at once."""

import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from shared.identity.domain.access import ACCESS_SECONDS
from shared.identity.domain.key_ring import (
    ANNOUNCED,
    CACHED_SECONDS,
    CHANGED_EVERY,
    RETIRED,
)
from tests.functions.identity.conftest import AUDIENCE, ISSUER, Service, sample
from tests.support.aws_calls import counted_calls
from tools.lab.support import environment

pytestmark = pytest.mark.row("SEC-02")
UNKNOWN = {"kind": "invalid", "reason": "unknown_key"}


def kid(token: str) -> str:
    name: str = jwt.get_unverified_header(token)["kid"]
    return name


def kids(service: Service) -> list[str]:
    return [key["kid"] for key in service.published()]


def logged_in(service: Service) -> str:
    token: str = service.log_in().data["access_token"]
    return token


def is_known(service: Service, token: str) -> bool:
    return service.authorize(f"Bearer {token}")["kind"] == "user"


def test_a_deployment_publishes_the_first_key_and_a_run_that_has_nothing_to_do_writes_nothing(
    service: Service,
) -> None:
    assert kids(service) == [kid(service.token())]
    with counted_calls() as calls:
        answer = service.rotate()
    assert calls.made == [("dynamodb", "GetItem"), ("secretsmanager", "GetSecretValue")]
    assert (answer["announced"], answer["retired"]) == (None, [])


def test_a_key_is_published_for_an_hour_before_it_signs_and_for_an_hour_after(
    service: Service,
) -> None:
    old = service.token()
    announced = service.rotate(start=True)["announced"]
    assert kids(service) == [kid(old), announced]
    service.rotate()
    service.later(hours=0.9)
    service.rotate()
    assert kid(logged_in(service)) == kid(old)
    service.later(hours=0.2)
    service.rotate()
    environment.forget_cached()
    new = logged_in(service)
    assert kid(new) == announced
    assert kids(service) == [announced, kid(old)]
    assert is_known(service, old)
    assert is_known(service, new)
    service.later(hours=1.1)
    service.rotate()
    assert kids(service) == [announced]
    assert service.authorize(f"Bearer {old}") == UNKNOWN
    assert is_known(service, new)


def test_a_key_signs_for_a_month(service: Service) -> None:
    service.later(hours=30 * 24 - 1)
    assert service.rotate()["announced"] is None
    service.later(hours=1)
    first = service.rotate()["announced"]
    assert first
    assert service.rotate()["announced"] == first
    assert service.rotate(start=True)["announced"] == first


def test_the_times_cover_every_cache_and_every_token() -> None:
    """What the distribution, a verifier behind it, a warm log-in and a token last for."""
    cached = timedelta(seconds=CACHED_SECONDS)
    assert 2 * cached < ANNOUNCED
    assert cached + timedelta(seconds=ACCESS_SECONDS) < RETIRED
    assert ANNOUNCED + RETIRED < CHANGED_EVERY


def test_a_leaked_key_is_refused_at_the_next_request_and_a_new_log_in_works(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaked = service.token()
    assert is_known(service, leaked)
    service.rotate(start=True)
    kept = service.table.get("KeyRing#access-tokens", "STATE")
    answer = service.rotate(leaked=True)
    assert is_known(service, leaked)  # a warm authorizer keeps keys: it takes another one to obey
    floor(monkeypatch, answer["published_at"])
    assert service.authorize(f"Bearer {leaked}") == UNKNOWN
    fresh = logged_in(service)
    assert is_known(service, fresh)
    assert kids(service) == [kid(fresh)] == [answer["signing"]]
    assert kept is not None
    service.table.put(kept)  # as a restored backup would
    floor(monkeypatch, answer["published_at"])
    assert service.authorize(f"Bearer {leaked}") == UNKNOWN
    service.rotate()
    floor(monkeypatch, answer["published_at"])
    assert is_known(service, fresh)


def floor(monkeypatch: pytest.MonkeyPatch, published_at: str) -> None:
    """Have the next request meet a function with another setting, and so a new process."""
    monkeypatch.setenv("SIGNING_KEYS_SINCE", published_at)
    environment.forget_cached()


def test_no_version_of_a_leaked_secret_comes_back(service: Service) -> None:
    service.rotate(start=True)
    service.rotate(leaked=True)
    found = service.secrets.list_secret_version_ids(SecretId=service.signing_secret)["Versions"]
    assert [version["VersionStages"] for version in found if version.get("VersionStages")] == [
        ["AWSCURRENT"]
    ]


def test_a_value_that_somebody_put_by_hand_is_published_by_the_next_run(service: Service) -> None:
    old = service.token()
    service.secrets.put_secret_value(SecretId=service.signing_secret, SecretString="t" * 64)
    environment.forget_cached()
    new = logged_in(service)
    assert not is_known(service, new)
    service.rotate()
    environment.forget_cached()
    assert is_known(service, new)
    assert is_known(service, old)


def test_tokens_of_before_this_table_knew_keys_go_on_being_good(service: Service) -> None:
    """An earlier release kept both keys in the secret alone."""
    old = service.token()
    service.secrets.put_secret_value(SecretId=service.signing_secret, SecretString="t" * 64)
    environment.forget_cached()
    new = logged_in(service)
    service.unpublish()
    assert service.authorize(f"Bearer {old}") == {"kind": "unavailable"}
    service.rotate()
    assert kids(service) == [kid(new), kid(old)]
    assert is_known(service, old)
    assert is_known(service, new)


def test_without_a_key_the_set_is_503_and_not_an_empty_one_for_caches_to_keep(
    service: Service,
) -> None:
    service.unpublish()
    answer = service.send("get_jwks", sample("get_jwks"))
    assert answer.status == 503
    assert "max-age" not in answer.headers.get("cache-control", "")


def test_who_verifies_never_meets_a_private_key(service: Service) -> None:
    token = service.token()
    environment.forget_cached()
    with counted_calls() as calls:
        assert is_known(service, token)
        answer = json.dumps(service.published())
    assert calls.made == [("dynamodb", "GetItem")] * 3  # keys, user; keys
    assert '"d"' not in answer
    secret = service.secrets.get_secret_value(SecretId=service.signing_secret)["SecretString"]
    assert secret not in answer
    assert secret not in json.dumps(service.table.items(), default=str)


def test_a_verifier_of_another_house_knows_every_token_all_along(service: Service) -> None:
    """It keeps the set for as long as it is told to, and asks nobody in between."""
    old = service.token()
    kept = jwt.PyJWKSet.from_dict({"keys": service.published()})
    service.rotate(start=True)
    service.later(hours=CACHED_SECONDS * 2 / 3_600)
    kept = jwt.PyJWKSet.from_dict({"keys": service.published()})
    service.later(hours=1)
    service.rotate()
    environment.forget_cached()
    for token in (old, logged_in(service)):
        claims = jwt.decode(
            token, kept[kid(token)].key, algorithms=["EdDSA"], issuer=ISSUER, audience=AUDIENCE
        )
        assert claims["sub"]


@pytest.mark.parametrize("asked", [{"leaked": "yes"}, {"start": 1}, {"leaked": None}])
def test_what_is_asked_is_true_or_false(service: Service, asked: dict[str, Any]) -> None:
    before = service.table.items()
    assert service.rotate(**asked)["error"]["code"] == "VALIDATION_FAILED"
    assert service.table.items() == before
