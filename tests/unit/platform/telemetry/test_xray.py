"""Our subsegments against the documents that AWS's SDK, which Powertools uses, sends for them."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from aws_lambda_powertools.tracing.base import BaseProvider
from botocore.exceptions import EndpointConnectionError

from shared.platform.aws.clients import dynamodb, impatient_client
from shared.platform.dynamodb.reading import get_item
from shared.platform.runtime.errors import DatabaseError, NetworkError
from shared.platform.telemetry.tracing import TRACE_VARIABLE, tracer
from shared.platform.telemetry.xray import MAX_IN_ONE, Recorder, XRayProvider

pytestmark = pytest.mark.row("MET-05")

ROOT, PARENT = "1-67891233-abcdef012345678912345678", "463ac35c9f6413ad"
SAMPLED = f"Root={ROOT};Parent={PARENT};Sampled=1"
KEY = {"PK": "a", "SK": "b"}

Sent = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def daemon() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)
        yield listening


@pytest.fixture
def sent(daemon: socket.socket, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    """Tracing as Lambda has it; returns the documents that the daemon has been sent."""
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", f"127.0.0.1:{daemon.getsockname()[1]}")
    monkeypatch.setenv(TRACE_VARIABLE, SAMPLED)
    before, provider = tracer.provider, XRayProvider()
    monkeypatch.setattr(tracer, "provider", provider)
    yield lambda: received(daemon)
    monkeypatch.setattr(tracer, "provider", before)
    if recorder := provider.recorder:
        recorder.close()


def received(daemon: socket.socket) -> list[dict[str, Any]]:
    documents = []
    while True:
        try:
            head, _, body = daemon.recv(65_536).partition(b"\n")
        except BlockingIOError:
            return documents
        assert json.loads(head) == {"format": "json", "version": 1}
        documents.append(json.loads(body))


def test_blocks_nest_in_one_document_with_their_annotations(sent):
    with tracer.provider.in_subsegment("## GET /a") as outer:
        outer.put_annotation(key="key", value="value")
        with tracer.provider.in_subsegment("## Handler"):
            pass
        with tracer.provider.in_subsegment("## Thing.get"):
            pass
    (document,) = sent()
    assert (document["type"], document["trace_id"], document["parent_id"]) == (
        "subsegment",
        ROOT,
        PARENT,
    )
    assert document["name"] == "## GET /a"
    assert document["annotations"] == {"key": "value", "release": "dev"}
    assert not any("annotations" in inner for inner in document["subsegments"])
    assert [inner["name"] for inner in document["subsegments"]] == ["## Handler", "## Thing.get"]
    for each in (document, *document["subsegments"]):
        assert each["start_time"] <= each["end_time"]
        assert len(each["id"]) == 16


def test_the_provider_has_all_that_powertools_promises_of_one():
    assert BaseProvider.__abstractmethods__ <= set(dir(XRayProvider))


def test_annotations_and_metadata_belong_to_the_innermost_block_and_hold_no_secret(sent):
    @tracer.capture_method
    def work(text: str) -> str:
        tracer.put_annotation("token", "t")
        tracer.put_annotation("odd", object())
        return text

    tracer.put_annotation("lost", 1)
    with tracer.provider.in_subsegment("## outer"):
        tracer.put_metadata("detail", {"password": "hunter2", "a": 1}, namespace="things")
        work("password=hunter2")
    (document,) = sent()
    (inner,) = document["subsegments"]
    assert document["annotations"] == {"release": "dev"}
    assert document["metadata"] == {"things": {"detail": {"password": "*****", "a": 1}}}
    assert inner["annotations"] == {"token": "*****"}
    assert "hunter2" not in json.dumps(inner["metadata"])


def test_an_async_function_is_captured(sent):
    @tracer.capture_method
    async def work() -> None:
        with tracer.provider.in_subsegment("## inner"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        asyncio.get_event_loop().run_until_complete(work())
    (document,) = sent()
    assert document["fault"]
    assert [each["name"] for each in document["subsegments"]] == ["## inner"]


def test_a_failing_block_is_marked_and_its_message_holds_no_secret(sent):
    with (
        pytest.raises(RuntimeError),
        tracer.provider.in_subsegment("## outer"),
        tracer.provider.in_subsegment("## inner"),
    ):
        raise RuntimeError("bad: password=hunter2")
    (document,) = sent()
    for each in (document, document["subsegments"][0]):
        (found,) = each["cause"]["exceptions"]
        assert each["fault"]
        assert (found["type"], found["message"]) == ("RuntimeError", "bad: password=*****")


def test_a_long_story_is_sent_in_parts_and_nothing_of_it_is_lost(sent):
    with tracer.provider.in_subsegment("## relay"):
        for number in range(MAX_IN_ONE + 5):
            with tracer.provider.in_subsegment(f"## record {number}"):
                pass
    *apart, last = sent()
    assert len(last["subsegments"]) == MAX_IN_ONE
    assert {each["parent_id"] for each in apart} == {last["id"]}
    assert {each["trace_id"] for each in apart} == {ROOT}
    names = {each["name"] for each in (*apart, *last["subsegments"])}
    assert names == {f"## record {number}" for number in range(MAX_IN_ONE + 5)}


@pytest.mark.parametrize(
    "header", [SAMPLED.replace("Sampled=1", "Sampled=0"), f"Root={ROOT};Sampled=1", "nonsense", ""]
)
def test_what_lambda_does_not_record_is_not_sent(sent, monkeypatch, header):
    monkeypatch.setenv(TRACE_VARIABLE, header)
    with tracer.provider.in_subsegment("## a"):
        pass
    assert sent() == []


def test_what_an_earlier_invocation_left_open_is_not_part_of_this_one(sent, monkeypatch):
    recorder = tracer.provider.recorder
    assert recorder is not None
    recorder.begin("cut short")
    monkeypatch.setenv(TRACE_VARIABLE, SAMPLED.replace(ROOT, ROOT[:-1] + "9"))
    with tracer.provider.in_subsegment("## next"):
        pass
    (document,) = sent()
    assert (document["name"], document["parent_id"]) == ("## next", PARENT)
    assert document["trace_id"] == ROOT[:-1] + "9"


def test_a_block_that_never_ended_ends_with_the_one_around_it(sent):
    recorder = tracer.provider.recorder
    assert recorder is not None
    with tracer.provider.in_subsegment("## outer"):
        recorder.begin("cut short")
    (document,) = sent()
    assert [each["name"] for each in document["subsegments"]] == ["cut short"]


def test_no_daemon_no_harm(monkeypatch):
    monkeypatch.setenv(TRACE_VARIABLE, SAMPLED)
    recorder = Recorder("127.0.0.1:1")
    for _ in range(3):  # the second finds that nobody listens
        opened = recorder.begin("a")
        assert opened is not None
        recorder.end(opened)
    opened = recorder.begin("x" * 100_000)  # more than a datagram holds
    assert opened is not None
    recorder.end(opened)
    recorder.close()


def test_a_call_to_aws_is_a_subsegment_and_carries_the_trace(sent, table):
    headers = []

    def look(request: Any, **_: Any) -> None:
        headers.append(request.headers["X-Amzn-Trace-Id"])

    dynamodb().meta.events.register("before-send", look)
    try:
        with tracer.provider.in_subsegment("## GET /a"):
            get_item(dynamodb(), table.name, KEY)
    finally:
        dynamodb().meta.events.unregister("before-send", look)
    (call,) = sent()[0]["subsegments"]
    assert (call["name"], call["namespace"]) == ("dynamodb", "aws")
    assert (call["aws"]["operation"], call["aws"]["table_name"]) == ("GetItem", table.name)
    assert call["aws"]["request_id"]
    assert call["http"] == {"response": {"status": 200}}
    assert headers[0].decode() == f"Root={ROOT};Parent={call['id']};Sampled=1"


class Refusal:
    status_code = 400
    headers: ClassVar = {"x-amzn-requestid": "r-1"}
    content = b'{"__type": "ValidationException", "message": "bad token=hunter2"}'


def test_a_refusal_and_a_lost_call_say_so(sent, table):
    with answering(Refusal()), pytest.raises(DatabaseError):
        get_item(dynamodb(), table.name, KEY)
    (refusal,) = sent()
    assert refusal["error"]
    assert "fault" not in refusal
    (found,) = refusal["cause"]["exceptions"]
    assert (found["type"], found["remote"]) == ("ValidationException", True)
    assert found["message"] == "bad token=*****"

    with answering(EndpointConnectionError(endpoint_url="http://a")), pytest.raises(NetworkError):
        get_item(dynamodb(), table.name, KEY)
    (lost,) = sent()
    assert lost["fault"]
    assert lost["cause"]["exceptions"][0]["type"] == "EndpointConnectionError"


@contextmanager
def answering(answer: Any) -> Iterator[None]:
    """Let GetItem come to *answer* on its way out: an answer, or an error of the connection."""

    def answer_it(**_: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    dynamodb().meta.events.register("before-send.dynamodb.GetItem", answer_it)
    try:
        yield
    finally:
        dynamodb().meta.events.unregister("before-send.dynamodb.GetItem", answer_it)


SDKS = """
import botocore.session
from aws_lambda_powertools import Tracer

tracer = Tracer(patch_modules=("botocore",))
client = botocore.session.get_session().create_client("dynamodb")
with tracer.provider.in_subsegment(name="## GET /a") as outer:
    outer.put_annotation(key="key", value="value")
    outer.put_annotation(key="release", value="dev")
    client.meta.events.register("before-send", lambda **_: Answer())
    client.get_item(TableName="things", Key={"PK": {"S": "a"}, "SK": {"S": "b"}})
"""
OURS = """
from shared.platform.aws.clients import dynamodb, impatient_client
from shared.platform.dynamodb.reading import get_item
from shared.platform.telemetry.tracing import tracer

with tracer.provider.in_subsegment("## GET /a") as outer:
    outer.put_annotation(key="key", value="value")
    dynamodb().meta.events.register("before-send", lambda **_: Answer())
    get_item(dynamodb(), "things", {"PK": "a", "SK": "b"})
"""
ANSWER = """
class Answer:
    status_code, content = 200, b"{}"
    headers = {"x-amzn-requestid": "r-1"}
"""


def recorded(daemon: socket.socket, script: str) -> dict[str, dict[str, Any]]:
    """What a fresh process with tracing as on Lambda sends: subsegments by name, all apart."""
    environment = os.environ | {
        "AWS_XRAY_DAEMON_ADDRESS": f"127.0.0.1:{daemon.getsockname()[1]}",
        TRACE_VARIABLE: SAMPLED,
        "LAMBDA_TASK_ROOT": "/var/task",
        "SERVICE": "things",
        "POWERTOOLS_TRACE_DISABLED": "false",
    }
    subprocess.run([sys.executable, "-c", ANSWER + script], env=environment, check=True)
    documents = received(daemon)
    for document in documents:
        documents += document.pop("subsegments", [])
    return {document["name"]: document for document in documents}


def test_the_documents_are_those_of_the_sdk(daemon):
    theirs, ours = recorded(daemon, SDKS), recorded(daemon, OURS)
    assert theirs.keys() == ours.keys() == {"## GET /a", "dynamodb"}
    for name, each in theirs.items():
        document = ours[name]
        different = {"id", "start_time", "end_time", "parent_id"}
        # An embedded subsegment has the rest from the one around it.
        implied = {"in_progress", "type", "trace_id"} if name == "dynamodb" else {"in_progress"}
        assert each.keys() - document.keys() <= implied | {"parent_id"}
        for key in document.keys() - different:
            assert document[key] == each[key], (name, key)


def ask_side_by_side(client: Any, table: str, times: int) -> None:
    """Read from several threads at once, as readiness does."""
    key = {"PK": {"S": "a"}, "SK": {"S": "b"}}
    with ThreadPoolExecutor(times) as pool:
        asked = [pool.submit(client.get_item, TableName=table, Key=key) for _ in range(times)]
    for each in asked:
        each.exception()


def test_calls_of_threads_are_each_sent_inside_what_is_open(sent, table):
    client = impatient_client("dynamodb", seconds=5)
    seen = []
    client.meta.events.register(
        "before-send.dynamodb",
        lambda request, **_: seen.append(bytes(request.headers["X-Amzn-Trace-Id"]).decode()),
    )
    with tracer.provider.in_subsegment("## GET /health/ready"):
        ask_side_by_side(client, table.name, 4)
    *calls, around = sent()
    assert len(calls) == len(seen) == 4
    assert "subsegments" not in around
    assert {each["parent_id"] for each in calls} == {around["id"]}
    assert {each["trace_id"] for each in calls} == {ROOT}
    for each in calls:
        assert (each["type"], each["namespace"], each["name"]) == ("subsegment", "aws", "dynamodb")
        assert (each["aws"]["operation"], each["aws"]["table_name"]) == ("GetItem", table.name)
        assert each["http"] == {"response": {"status": 200}}
        assert each["start_time"] <= each["end_time"]
    assert {f"Root={ROOT};Parent={each['id']};Sampled=1" for each in calls} == set(seen)


@pytest.mark.usefixtures("table")
def test_a_call_of_a_thread_that_fails_is_marked(sent):
    client = impatient_client("dynamodb", seconds=5)
    ask_side_by_side(client, "nowhere", 1)

    def lose(**_):
        raise EndpointConnectionError(endpoint_url="http://dynamodb.test")

    client.meta.events.register("before-send.dynamodb", lose)
    ask_side_by_side(client, "nowhere", 1)
    refused, lost = sent()
    assert (refused["error"], refused["parent_id"]) == (True, PARENT)
    assert refused["cause"]["exceptions"][0]["type"] == "ResourceNotFoundException"
    assert lost["fault"]
    assert lost["cause"]["exceptions"][0]["type"] == "EndpointConnectionError"


def test_calls_of_threads_are_not_sent_where_nothing_is_recorded(sent, table, monkeypatch):
    monkeypatch.setenv(TRACE_VARIABLE, SAMPLED.replace("Sampled=1", "Sampled=0"))
    ask_side_by_side(impatient_client("dynamodb", seconds=5), table.name, 2)
    assert sent() == []
