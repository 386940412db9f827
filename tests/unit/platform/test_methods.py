"""HEAD is GET without the body; another method than a path takes is told which it takes."""

from typing import Any

import pytest

from shared.platform.http.app import create_app, lambda_handler
from shared.platform.access.security import public
from shared.platform.http.reply import Reply
from tests.unit.platform.sample_endpoint import context
from tools.lab.support.http_events import http_event, json_of

ROUTES = """
GET,HEAD,POST /api/v1/things
DELETE,GET,HEAD /api/v1/things/{thing_id}
PUT /api/v1/things/all
GET,HEAD /a.b/{x}
"""


def reader(**options: Any) -> Any:
    app = create_app("things", says="Here.", **options)

    @app.get("/api/v1/things/{thing_id}", dependencies=[public])
    async def endpoint(thing_id: str) -> Reply[dict[str, str]]:
        if thing_id == "bug":
            raise RuntimeError("secret internals")
        headers = {"etag": '"7"', "cache-control": "private, no-cache"}
        return Reply({"id": thing_id, "text": "a" * 2_000}, headers=headers)

    return lambda_handler(app)


def asked(handler: Any, method: str, thing: str = "t-1", **headers: str) -> Any:
    return handler(http_event(method, f"/api/v1/things/{thing}", headers=headers), context())


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize(("thing", "status"), [("t-1", 200), ("bug", 500)])
def test_head_answers_what_get_would_less_its_body(encoding, thing, status):
    handler = reader()
    got, head = (
        asked(handler, method, thing, **{"accept-encoding": encoding})
        for method in ("GET", "HEAD")
    )
    own = ("x-request-id", "x-correlation-id")
    if encoding == "gzip":  # another request id compresses to another length
        assert "content-length" in head["headers"]
        own = (*own, "content-length")
    kept = [{k: v for k, v in each["headers"].items() if k not in own} for each in (got, head)]
    assert kept[0] == kept[1]
    assert (head["statusCode"], head["body"], head["isBase64Encoded"]) == (status, "", False)
    assert got["statusCode"] == status
    assert got["body"]


def test_head_is_conditional_as_get_is():
    answer = asked(reader(), "HEAD", **{"if-none-match": '"7"'})
    assert (answer["statusCode"], answer["headers"]["etag"], answer["body"]) == (304, '"7"', "")


def test_head_out_of_the_chain_has_no_body_either():
    event = http_event("HEAD", "/api/v1/things/t-1") | {"headers": "none that can be read"}
    answer = reader()(event, context())
    assert (answer["statusCode"], answer["body"]) == (500, "")


@pytest.fixture
def unmatched(monkeypatch):
    monkeypatch.setenv("ROUTES", " ".join(ROUTES.split()))
    return lambda_handler(create_app("things"))


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/api/v1/things", "GET, HEAD, OPTIONS, POST"),
        ("PATCH", "/api/v1/things/t-1", "DELETE, GET, HEAD, OPTIONS"),
        ("PATCH", "/api/v1/things/all", "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("PROPFIND", "/a.b/1", "GET, HEAD, OPTIONS"),
        ("HEAD", "/api/v1/things/all/x", None),
        ("POST", "/api/v1/things/t-1/x", None),
        ("POST", "/api/v1/things/", None),
        ("POST", "/aXb/1", None),
        ("OPTIONS", "/api/v1/nothing", None),
        ("GET", "/", None),
    ],
)
def test_a_path_with_another_method_says_which_it_takes(unmatched, method, path, allow):
    answer = unmatched(http_event(method, path), context())
    status, code = (405, "METHOD_NOT_ALLOWED") if allow else (404, "NOT_FOUND")
    assert (answer["statusCode"], answer["headers"].get("allow")) == (status, allow)
    if method != "HEAD":
        assert json_of(answer)["error"]["code"] == code


def test_options_says_what_a_path_takes_without_a_refusal(unmatched):
    answer = unmatched(http_event("OPTIONS", "/api/v1/things"), context())
    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert answer["headers"]["allow"] == "GET, HEAD, OPTIONS, POST"
    assert answer["headers"]["x-content-type-options"] == "nosniff"
