"""Whatever invokes a function goes to its alias, so that only what is published is reached."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tools.lab.support.shop import eventually
from tools.local.stack import LocalStack

pytestmark = pytest.mark.row("OPS-04")
ALIAS = "live"


def test_every_function_has_a_version_behind_its_alias(stack: LocalStack) -> None:
    client = stack.client("lambda")
    found = {
        function: client.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"]
        for service in stack.description.services.values()
        for function in service.functions.values()
    }
    assert len(found) > 50
    assert all(version.isdecimal() for version in found.values())


def test_queues_and_streams_feed_aliases(stack: LocalStack) -> None:
    pages = stack.client("lambda").get_paginator("list_event_source_mappings").paginate()
    fed = [mapping["FunctionArn"] for page in pages for mapping in page["EventSourceMappings"]]
    assert len(fed) == 20  # twelve consumers and eight relays
    assert [arn for arn in fed if not arn.endswith(f":{ALIAS}")] == []


@contextmanager
def released(stack: LocalStack, function: str, release: str) -> Iterator[None]:
    """Give a function another release's name without publishing it; take that back at the end."""
    client = stack.client("lambda")
    before = client.get_function_configuration(FunctionName=function)["Environment"]["Variables"]

    def set_to(variables: dict[str, str]) -> None:
        client.update_function_configuration(
            FunctionName=function, Environment={"Variables": variables}
        )
        eventually(
            lambda: client.get_function_configuration(FunctionName=function),
            lambda known: (
                known["Environment"]["Variables"] == variables
                and known.get("LastUpdateStatus", "Successful") == "Successful"
            ),
            f"{function} has its new settings",
        )

    set_to(before | {"RELEASE": release})
    try:
        yield
    finally:
        set_to(before)


def test_what_is_not_published_is_seen_by_nobody(stack: LocalStack) -> None:
    client, function = stack.client("lambda"), stack.function("gateway", "health")
    known = client.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"]
    with released(stack, function, "9.9.9"):
        assert version(stack) != "9.9.9"
        published = client.publish_version(FunctionName=function)["Version"]
        assert version(stack) != "9.9.9"
        client.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=published)
        assert version(stack) == "9.9.9"
        client.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=known)
        assert version(stack) != "9.9.9"  # as a deployment that is taken back


def version(stack: LocalStack) -> str:
    answer = httpx.get(f"{stack.base_url}/health", timeout=60).json()
    found: str = answer["data"]["version"]
    return found
