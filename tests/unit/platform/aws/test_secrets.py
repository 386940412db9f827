"""Secrets are read once, noticed when rotated, and outlive an outage."""

from typing import Any

import boto3
import pytest

from shared.platform.aws.secrets import KEEP_SECONDS, SecretReader
from shared.platform.runtime.errors import ExternalServiceError
from tests.support.aws_calls import counted_calls

pytestmark = pytest.mark.usefixtures("moto")


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def client() -> Any:
    client = boto3.client("secretsmanager")
    client.create_secret(Name="secret", SecretString="first")
    return client


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reader(client: Any, clock: Clock) -> SecretReader:
    return SecretReader(client, "secret", monotonic=clock)


def test_a_secret_is_read_once_for_a_while(reader: SecretReader, clock: Clock) -> None:
    with counted_calls() as calls:
        assert reader.get().versions == ("first",)
        clock.now += KEEP_SECONDS
        assert reader.get().current == "first"
    assert calls.of("secretsmanager") == {"GetSecretValue": 2}  # current and previous


@pytest.mark.row("SEC-02")
def test_a_rotation_is_noticed_and_the_previous_version_kept(
    reader: SecretReader, clock: Clock, client: Any
) -> None:
    reader.get()
    client.put_secret_value(SecretId="secret", SecretString="second")
    assert reader.get().current == "first"
    assert reader.get(fresh=True).versions == ("second", "first")
    client.put_secret_value(SecretId="secret", SecretString="third")
    clock.now += KEEP_SECONDS + 1
    assert reader.get().versions == ("third", "second")


@pytest.mark.parametrize("fresh", [False, True])
def test_a_secret_that_was_read_outlives_an_outage(
    reader: SecretReader, clock: Clock, client: Any, fresh: bool
) -> None:
    reader.get()
    client.delete_secret(SecretId="secret", ForceDeleteWithoutRecovery=True)
    clock.now += KEEP_SECONDS + 1
    assert reader.get(fresh=fresh).current == "first"
    with counted_calls() as calls:
        reader.get()
    assert calls.made == []  # the outage is not made worse


def test_a_secret_that_was_never_readable_is_an_error(client: Any) -> None:
    with pytest.raises(ExternalServiceError, match="nothing"):
        SecretReader(client, "nothing").get()


def test_an_empty_reader_shows_nothing(reader: SecretReader) -> None:
    reader.get()
    assert "first" not in repr(reader)
