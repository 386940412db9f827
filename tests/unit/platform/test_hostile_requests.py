"""Whatever API Gateway may deliver: a whole answer in the envelope, and never a 5xx."""

import asyncio
import json
import signal
from typing import Annotated

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.platform.http.app import create_app, lambda_handler
from shared.kernel.paging import PageRequest
from shared.platform.access.security import public
from shared.platform.http.middleware.timeout import TimeoutMiddleware
from shared.platform.http.pagination import paged
from shared.platform.http.reply import Reply
from shared.platform.runtime.context import in_invocation
from shared.platform.runtime.errors import DeadlineExceeded
from tests.support.sizes import size
from tests.unit.platform.sample_endpoint import context, request, sample_app
from tools.lab.support.http_events import Caller, http_event, json_of

ODD = st.text(max_size=30) | st.sampled_from(
    ["\x00", "%00", "%ff", "%0d%0aset-cookie:a=b", "..", "%2e%2e/", "☃", "é", "\ud800", "a%2Fb",
     "%", "t-1/", "t-1%2F", "//", "%ED%A0%80", "application/problem+json", 'W/"1"', "*"],
)  # fmt: skip
HEADERS = st.dictionaries(
    st.sampled_from(
        ["host", "x-forwarded-port", "x-forwarded-proto", "content-type", "content-encoding",
         "accept", "if-none-match", "idempotency-key", "x-correlation-id", "x-amzn-trace-id",
         "origin", "transfer-encoding", "content-length", "cookie", "authorization", "expect"],
    ) | ODD, ODD, max_size=4,
)  # fmt: skip
BODIES = (
    st.none()
    | st.text(max_size=60)
    | st.binary(max_size=40)
    | st.sampled_from(['{"count":"\\ud800"}', '{"\\ud800":1}', '{"count":1,"sleep":1e999}'])
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | ODD,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD, inner, max_size=3),
        max_leaves=8,
    )
)
QUERIES = ODD | st.sampled_from(
    ["limit=" + "9" * 6000, "limit=1&limit=x", "limit=%00", "cursor=%00", "sort=%ff", "limit=NaN",
     "limit=-1", "limit=0", "limit=1e3", "include_total=2", "&&&==", "limit[]=1"],
)  # fmt: skip
METHODS = st.sampled_from(["POST", "GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "post", ""])
MISSING = st.sampled_from([None] * 8 + ["headers", "cookies", "body", "rawQueryString", "rawPath"])


def listing_app():
    app = create_app("things")
    Things = Annotated[PageRequest, paged("sold,id")]  # noqa: N806

    @app.get("/api/v1/things", dependencies=[public])
    async def endpoint(paging: Things) -> Reply[dict[str, object]]:
        return Reply({"limit": paging.limit, "sort": paging.sort, "cursor": paging.cursor})

    return app


def app_that_fails_after(message_type: str, error: BaseException):
    """Return an app inside whose time-out *error* is raised once that message has been sent."""

    def fail(app):
        async def run(scope, receive, send):
            async def sending(message):
                await send(message)
                if message["type"] == message_type:
                    raise error

            await app(scope, receive, sending)

        return run

    app = sample_app()
    inside = app.chain.index(TimeoutMiddleware) + 1
    app.chain = (*app.chain[:inside], fail, *app.chain[inside:])
    return app


EXAMPLES = size(200, full=4_000)


@pytest.fixture
def endpoints():
    return {"POST": lambda_handler(sample_app()), "GET": lambda_handler(listing_app())}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=EXAMPLES)
@given(st.data())
def test_no_request_breaks_an_endpoint(endpoints, data):
    method = data.draw(st.sampled_from(["POST", "GET"]))
    own = "/api/v1/things" + ("/" + data.draw(st.just("t-1") | ODD) if method == "POST" else "")
    event = http_event(
        data.draw(st.just(method) | METHODS),
        data.draw(st.just(own) | ODD),
        body=data.draw(st.just({"count": 1}) | BODIES),
        headers=data.draw(HEADERS),
        caller=data.draw(st.sampled_from([Caller(), None])),
    )
    event["rawQueryString"] = data.draw(st.just("") | QUERIES)
    event["cookies"] = data.draw(st.lists(ODD, max_size=3))
    event["isBase64Encoded"] |= data.draw(st.booleans())
    gone = data.draw(MISSING)
    event[gone] = None
    answer = endpoints[method](event, context())
    assert answer["statusCode"] < 500
    if event["requestContext"]["http"]["method"] == "HEAD":
        assert answer["body"] == ""
    else:
        body = json_of(answer)
        assert body.get("status_code", body.get("status")) == answer["statusCode"]
    assert all(text.isprintable() for text in answer["headers"].values())


@pytest.mark.parametrize(
    ("sent", "location"),
    [
        ("caf%C3%A9", "caf%C3%A9"),
        ("%E2%98%83", "%E2%98%83"),
        ("a%0D%0Aset-cookie:b", "a%0D%0Aset-cookie:b"),
        ("t-1", "t-1"),
    ],
)
def test_a_location_is_a_uri_whatever_the_id(endpoints, sent, location):
    event = http_event("POST", f"/api/v1/things/{sent}", body={"count": 1}, caller=Caller())
    answer = endpoints["POST"](event, context())
    assert (answer["statusCode"], answer["headers"]["location"]) == (
        201,
        f"/api/v1/things/{location}",
    )


def test_a_slash_too_many_is_404_and_no_redirect(endpoints):
    answer = endpoints["GET"](http_event("GET", "/api/v1/things/"), context())
    assert answer["statusCode"] == 404
    assert json_of(answer)["error"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("broken", [{"requestContext": None}, {"requestContext": {}}, {}])
def test_an_event_that_is_no_request_is_500_in_the_envelope(endpoints, broken, moto, capsys):
    event = (request() | broken) if broken else {}
    answer = endpoints["POST"](event, context())
    assert (answer["statusCode"], json_of(answer)["error"]["code"]) == (500, "INTERNAL_ERROR")
    assert '"unexpected error' in capsys.readouterr().out


@pytest.mark.row("MID-02")
def test_time_that_runs_out_between_head_and_body_is_one_whole_504():
    error = DeadlineExceeded("late")
    broken = lambda_handler(app_that_fails_after("http.response.start", error))
    answer = broken(request(), context())
    assert (answer["statusCode"], json_of(answer)["error"]["code"]) == (504, "TIMEOUT")


@pytest.mark.row("MID-02")
def test_time_that_runs_out_after_the_answer_was_written_changes_nothing():
    late = lambda_handler(app_that_fails_after("http.response.body", DeadlineExceeded("late")))
    answer = late(request(), context())
    assert (answer["statusCode"], json_of(answer)["data"]["count"]) == (201, 3)


@pytest.mark.row("MID-02")
def test_time_that_runs_out_while_the_endpoint_waits_is_504_and_leaves_nothing_behind():
    app, resumed = create_app("things"), []

    @app.get("/api/v1/things", dependencies=[public])
    async def endpoint() -> Reply[dict[str, object]]:
        await asyncio.sleep(1.0)
        resumed.append(True)
        return Reply({})

    handler = lambda_handler(app)
    answer = handler(http_event("GET", "/api/v1/things"), context(remaining_ms=650))
    assert (answer["statusCode"], json_of(answer)["error"]["code"]) == (504, "TIMEOUT")
    assert asyncio.all_tasks(asyncio.get_event_loop_policy().get_event_loop()) == set()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert resumed == []


@pytest.mark.row("MET-02")
@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"body": b"\xff"}, "400"),
        ({"body": "x" * 300_000}, "413"),
        ({"headers": {"content-type": "text/plain"}}, "415"),
    ],
)
def test_what_is_refused_early_is_measured_as_what_the_client_got(
    endpoints, capsys, options, status
):
    capsys.readouterr()
    endpoints["POST"](request(**options), context())
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert next(line for line in lines if "Request" in line)["status"] == status


@pytest.mark.row("API-04")
@pytest.mark.parametrize(
    ("asked", "status"),
    [('"5"', 304), ('W/"5"', 304), ('"4", W/"5"', 304), ("*", 304), ('"4"', 200), ("5", 200)],
)
def test_a_tag_that_the_client_has_is_304(asked, status):
    app = create_app("things")

    @app.get("/api/v1/things", dependencies=[public])
    async def endpoint() -> Reply[dict[str, object]]:
        return Reply({}, headers={"etag": '"5"'})

    event = http_event("GET", "/api/v1/things", headers={"if-none-match": asked})
    answer = lambda_handler(app)(event, context())
    assert (answer["statusCode"], answer["headers"]["etag"]) == (status, '"5"')
    assert bool(answer.get("body")) is (status == 200)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=1&limit=2", 422),
        ("limit=1&%6cimit=2", 422),
        ("limit=1&limit", 422),
        ("x&x", 422),
        ("limit=" + "9" * 4000, 422),
        ("limit=" + "9" * 5000, 414),
        ("limit=101", 422),
        ("limit=0", 422),
        ("include_total=2", 422),
        ("limit=1&sort=sold&&", 200),
        ("cursor=%00&sort=-sold,-id", 200),
    ],
)
def test_query_parameters_are_read_strictly(endpoints, query, status):
    event = http_event("GET", "/api/v1/things") | {"rawQueryString": query}
    answer = endpoints["GET"](event, context())
    assert answer["statusCode"] == status
    assert json_of(answer)["status_code"] == status


@pytest.mark.row("LOG-03")
def test_nothing_of_a_request_that_failed_reaches_the_next_one(endpoints, moto, capsys):
    handler = endpoints["POST"]
    key = {"idempotency-key": "key-1", "x-correlation-id": "story-12345"}
    for body, time in ({"count": 1, "sleep": 60.0}, 650), ({"count": 1, "raises": "bug"}, 60_000):
        handler(request(body, headers=key), context(remaining_ms=time))
    handler(request("{", headers=key), context())
    assert not in_invocation()
    capsys.readouterr()
    answer = handler(request(caller=None, request_id="gateway-id-2"), context())
    assert answer["headers"]["x-correlation-id"] == "gateway-id-2"
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines
    assert not any("user_id" in line or "story-12345" in str(line) for line in lines)
    (busy,) = (line for line in lines if "RequestsInProgress" in line)
    assert busy["RequestsInProgress"] == [1.0]
