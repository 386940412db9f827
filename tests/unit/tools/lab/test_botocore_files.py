"""Sessions share what botocore reads of its files, and nothing else, and nobody changes that."""

import botocore.session
import pytest
from botocore.loaders import create_loader
from botocore.regions import EndpointResolver

from shared.platform.aws import clients


@pytest.mark.parametrize("service", ["dynamodb", "sqs", "events", "secretsmanager", "sesv2"])
def test_what_is_shared_is_what_the_files_say_after_it_was_used(service: str) -> None:
    made = clients.client(service)
    assert made.meta.service_model.operation_names
    shared = botocore.session.get_session().get_component("data_loader")
    fresh = create_loader()
    for kind in ("service-2", "paginators-1", "endpoint-rule-set-1"):
        assert shared.load_service_model(service, kind) == fresh.load_service_model(service, kind)
    # Of an endpoint botocore keeps what it has worked out from the same file.
    before, after = (EndpointResolver(each.load_data("endpoints")) for each in (fresh, shared))
    for region in ("eu-west-1", "us-east-1"):
        expected = before.construct_endpoint(service, region)
        assert after.construct_endpoint(service, region) == expected
        assert expected is not None


def test_a_file_is_read_once() -> None:
    first, second = (botocore.session.get_session() for _ in range(2))
    assert first.get_service_data("sqs") is second.get_service_data("sqs")


def test_what_a_session_knows_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    first = botocore.session.get_session()
    first.set_credentials("first", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    second = botocore.session.get_session()
    assert second.get_credentials().access_key == "testing"
    assert second.create_client("sqs").meta.region_name == "us-east-1"
    assert first.get_credentials().access_key == "first"
