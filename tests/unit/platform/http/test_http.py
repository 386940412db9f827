import base64
import json
from datetime import UTC, datetime

import pytest

from shared.platform.http.app import (
    CHAIN,
    DeprecationMiddleware,
    RateLimitMiddleware,
    create_app,
    lambda_handler,
)
from shared.platform.access.security import public
from shared.platform.http.deprecation import Deprecation
from shared.platform.http.injection import Inject
from shared.platform.http.middleware.cors import CorsMiddleware
from shared.platform.http.middleware.envelope import EnvelopeMiddleware
from shared.platform.http.middleware.security_headers import SecurityHeadersMiddleware
from shared.platform.http.reply import Reply
from shared.platform.rate_limits.rules import rate_limit
from shared.platform.runtime.errors import ConfigurationError
from tests.unit.platform.sample_endpoint import context, request, sample_app
from tools.lab.support.http_events import ANONYMOUS, INVALID, Caller, json_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def handler():
    return lambda_handler(sample_app())


class Unprovided:
    """A service that no factory provides."""


@pytest.mark.row("DEP-02", "DEP-03")
def test_a_function_whose_endpoint_lacks_a_service_does_not_start():
    app = create_app("sample")

    @app.get("/line", dependencies=[public])
    async def endpoint(_: Inject[Unprovided]) -> Reply[None]:
        return Reply(None)

    with pytest.raises(ConfigurationError, match="no service is registered as Unprovided"):
        lambda_handler(app)


@pytest.mark.row("MID-01")
def test_the_order_of_the_middleware_is_declared_once():
    names = [middleware.__name__.removesuffix("Middleware") for middleware in CHAIN]
    assert names == [
        "RequestContext",
        "Tracing",
        "Metrics",
        "RequestGuard",
        "Timeout",
        "RateLimit",
        "Cors",
        "SecurityHeaders",
        "Deprecation",
        "CacheControl",
        "Compression",
        "Envelope",
        "ErrorHandler",
    ]


@pytest.mark.row("MID-01")
def test_the_chain_is_built_in_that_order_around_the_endpoint():
    whole = sample_app(
        limits=(rate_limit("1 things a day per user"),),
        deprecation=Deprecation(since=NOW, sunset=NOW, successor="/api/v2/things"),
    )
    assert chain_of(whole) == [middleware.__name__ for middleware in CHAIN]


@pytest.mark.row("MID-01")
def test_a_function_that_needs_no_limits_and_has_no_end_is_without_their_middleware():
    needless = (RateLimitMiddleware, DeprecationMiddleware)
    without = [m.__name__ for m in CHAIN if m not in needless]
    assert chain_of(sample_app()) == without


def chain_of(app):
    names = [middleware.__name__ for middleware in CHAIN]
    inner = [cell.cell_contents for cell in app.asgi().__closure__]
    found = next(each for each in inner if type(each).__name__ in names)
    order = [type(found).__name__]
    while type(found._app).__name__ in names:
        found = found._app
        order.append(type(found).__name__)
    return order


@pytest.mark.row("MID-01")
def test_a_function_can_leave_middleware_out():
    bare = lambda_handler(sample_app(without=(EnvelopeMiddleware, SecurityHeadersMiddleware)))
    answer = bare(request(), context())
    assert json_of(answer) == {"thing_id": "t-1", "count": 3, "user": Caller().user_id}
    assert "x-frame-options" not in answer["headers"]


@pytest.mark.row("API-01")
def test_success_comes_in_the_envelope(handler):
    known = context()
    answer = handler(request(), known)
    assert answer["statusCode"] == 201
    assert answer["headers"]["location"] == "/api/v1/things/t-1"
    body = json_of(answer)
    assert body["success"] is True
    assert (body["status_code"], body["type"], body["message"]) == (201, "success", "Thing made.")
    assert body["data"] == {"thing_id": "t-1", "count": 3, "user": Caller().user_id}
    assert body["meta"]["request_id"] == known.aws_request_id
    assert answer["headers"]["x-request-id"] == known.aws_request_id
    assert body["meta"]["timestamp"].endswith("Z")
    assert answer["headers"]["cache-control"] == "no-store"
    assert answer["headers"]["x-content-type-options"] == "nosniff"


@pytest.mark.row("EXC-02", "API-01")
@pytest.mark.parametrize(
    ("raises", "status", "code", "header"),
    [
        ("not_found", 404, "NOT_FOUND", None),
        ("exists", 409, "ALREADY_EXISTS", None),
        ("denied", 403, "PERMISSION_DENIED", None),
        ("state", 409, "INVALID_STATE", None),
        ("busy", 503, "TEMPORARILY_UNAVAILABLE", ("retry-after", "1")),
        ("peer", 502, "EXTERNAL_SERVICE_ERROR", None),
        ("rate", 429, "RATE_LIMIT_EXCEEDED", ("retry-after", "7")),
        ("bug", 500, "INTERNAL_ERROR", None),
    ],
)
def test_every_error_has_its_status_and_code(handler, raises, status, code, header):
    answer = handler(request({"count": 1, "raises": raises}), context())
    body = json_of(answer)
    assert (answer["statusCode"], body["status_code"]) == (status, status)
    assert (body["success"], body["type"], body["error"]["code"]) == (False, "error", code)
    assert "throttled" not in answer["body"]
    assert "internals" not in answer["body"]
    if header:
        assert answer["headers"][header[0]] == header[1]


@pytest.mark.row("ERR-03")
def test_problem_details_for_clients_that_ask(handler):
    accept = {"accept": "application/problem+json"}
    asked = request({"count": 1, "raises": "state"}, headers=accept)
    answer = handler(asked, context())
    body = json.loads(answer["body"])
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert body["type"] == "urn:tradewind:error:invalid-state"
    assert (body["status"], body["title"], body["detail"]) == (409, "Invalid state", "Too late.")
    assert body["details"] == {"current": "sold", "expected": ["new"]}


@pytest.mark.row("EXC-02", "PRM-02")
@pytest.mark.parametrize(
    ("caller", "code", "challenge"),
    [
        (None, "AUTHENTICATION_FAILED", 'Bearer realm="tradewind"'),
        (ANONYMOUS, "AUTHENTICATION_FAILED", 'Bearer realm="tradewind"'),
        (INVALID, "INVALID_TOKEN", 'Bearer realm="tradewind", error="invalid_token"'),
    ],
)
def test_no_or_bad_credentials_are_401_with_a_challenge(handler, caller, code, challenge):
    answer = handler(request(caller=caller), context())
    assert answer["statusCode"] == 401
    assert answer["headers"]["www-authenticate"] == challenge
    assert json_of(answer)["error"]["code"] == code


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"body": "{"}, 422),
        ({"body": '{"count":1,"count":2}'}, 422),
        ({"body": '{"count":"1"}'}, 422),
        ({"body": '{"count":true}'}, 422),
        ({"body": '{"count":1.0}'}, 422),
        ({"body": '{"count":1,"more":2}'}, 422),
        ({"body": '{"count":NaN}'}, 422),
        ({"body": "[" * 100_000}, 422),
        ({"body": '{"count":' + "9" * 5000 + "}"}, 422),
        ({"body": b"\xff\xfe{}"}, 400),
        ({"body": "x" * 300_000}, 413),
        ({"headers": {"content-type": "text/plain"}}, 415),
        ({"headers": {"content-encoding": "gzip"}}, 415),
        ({"headers": {f"x-{n}": "1" for n in range(120)}}, 431),
        ({"headers": {"x-long": "y" * 11_000}}, 431),
        ({"headers": {"idempotency-key": "has space"}}, 422),
        ({"headers": {"idempotency-key": "k" * 256}}, 422),
    ],
)
def test_bad_input_is_a_4xx_in_the_envelope(handler, options, status):
    answer = handler(request(**options), context())
    assert answer["statusCode"] == status, answer
    body = json_of(answer)
    assert (body["success"], body["status_code"]) == (False, status)
    assert body["error"]["code"]


def test_a_body_that_is_no_base64_is_refused(handler):
    broken = request() | {"body": "%%%", "isBase64Encoded": True}
    assert handler(broken, context())["statusCode"] == 400


def test_strange_headers_hosts_and_cookies_are_no_5xx(handler):
    event = request(headers={"host": "a:b:c", "x-odd": "caf\u00e9"})
    assert handler(event, context())["statusCode"] == 201
    event = request(headers={"x-odd": "\udc00"})
    assert handler(event, context())["statusCode"] == 400
    event = request() | {"cookies": ["a=b", "c=\u2603"]}
    assert handler(event, context())["statusCode"] in (201, 400)


def test_validation_errors_list_every_field_without_the_input(handler):
    body = json_of(handler(request({"count": "hunter2", "sleep": "x"}), context()))
    assert {tuple(error["loc"]) for error in body["error"]["errors"]} == {
        ("body", "count"),
        ("body", "sleep"),
    }
    assert "hunter2" not in json.dumps(body)


@pytest.mark.row("MID-02")
def test_an_endpoint_that_takes_too_long_is_answered_504_in_time(handler):
    known = context(remaining_ms=600)
    answer = handler(request({"count": 1, "sleep": 20.0}), known)
    body = json_of(answer)
    assert (answer["statusCode"], body["error"]["code"]) == (504, "TIMEOUT")
    assert body["meta"]["request_id"] == known.aws_request_id


@pytest.mark.row("LOG-02")
def test_a_sound_correlation_id_is_taken_over_and_an_unsound_one_is_not(handler):
    answer = handler(request(headers={"x-correlation-id": "story-12345"}), context())
    assert answer["headers"]["x-correlation-id"] == "story-12345"
    unsound = {"headers": {"x-correlation-id": "x\ny"}}
    answer = handler(request(**unsound, request_id="JKJaXmPLvHcESHA="), context())
    assert answer["headers"]["x-correlation-id"] == "JKJaXmPLvHcESHA="  # as the authorizer's
    known = context()
    answer = handler(request(**unsound, request_id="{}"), known)
    assert answer["headers"]["x-correlation-id"] == known.aws_request_id


@pytest.mark.row("MET-02")
def test_requests_are_counted_timed_and_logged_by_route(handler, capsys):
    capsys.readouterr()
    handler(request(), context())
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    measured = next(line for line in lines if "Request" in line)
    assert (measured["route"], measured["status"]) == ("POST /api/v1/things/{thing_id}", "201")
    assert len(measured["RequestDuration"]) == 1
    logged = next(line for line in lines if line.get("message") == "request handled")
    assert (logged["status"], logged["client_address"]) == ("201", "203.0.113.7")
    assert logged is measured  # one line
    assert logged["thing_id"] == "t-1"


HASHES = "HsHCa1DV08WNlYMYGvgHZlX-AHVr9yhZQLo2cPmfy6A,mp8mfi8J3ExRllWC0E2-VdO0bH_VfSvrescJK2ypIZM"
"""`printf s3cret | openssl dgst -sha256 -binary | basenc --base64url`, and that of `0ld`."""


def test_only_the_front_door_is_believed_about_the_client_s_address(monkeypatch, capsys):
    monkeypatch.setenv("ORIGIN_VERIFY_HASHES", HASHES)
    handler = lambda_handler(sample_app())
    seen = []
    for secret in ("s3cret", "guess"):
        capsys.readouterr()
        claimed = {"x-origin-verify": secret, "x-viewer-address": "198.51.100.9",
                   "x-forwarded-for": "10.0.0.1"}  # fmt: skip
        handler(request(headers=claimed), context())
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        seen += [line["client_address"] for line in lines if "client_address" in line]
    assert seen == ["198.51.100.9", "203.0.113.7"]


@pytest.mark.parametrize(
    ("hashes", "secret", "status"),
    [
        ("", None, 201),
        ("", "anything", 201),
        (HASHES, "s3cret", 201),
        (HASHES, "0ld", 201),
        (HASHES, None, 403),
        (HASHES, "", 403),
        (HASHES, "S3cret", 403),
        (HASHES, HASHES, 403),
        (HASHES, HASHES.partition(",")[0], 403),
        (f"{HASHES.partition(',')[0]},", "", 403),
        (HASHES, "\u2603", 403),
    ],
)
def test_who_passes_the_front_door_by_is_refused(monkeypatch, capsys, hashes, secret, status):
    """Both secrets are good, the current one and the previous one."""
    monkeypatch.setenv("ORIGIN_VERIFY_HASHES", hashes)
    handler = lambda_handler(sample_app())
    assert "request handled" not in capsys.readouterr().out  # its own warm-up is not refused
    headers = {} if secret is None else {"x-origin-verify": secret}
    answer = handler(request(headers=headers), context())
    assert answer["statusCode"] == status
    if status == 403:
        assert json_of(answer)["error"]["code"] == "PASSED_FRONT_DOOR_BY"
        assert answer["headers"]["x-content-type-options"] == "nosniff"


@pytest.mark.row("SEC-08")
def test_an_answer_depends_on_the_origin_and_leaves_the_rest_to_the_gateway(handler):
    """Two sources of the CORS headers would make browsers refuse every answer."""
    for headers in ({"origin": "https://shop.example"}, {}):
        found = handler(request(headers=headers), context())["headers"]
        assert found["vary"] == "origin"
        assert not [name for name in found if name.startswith("access-control-")]
    assert CorsMiddleware in CHAIN
    without = lambda_handler(sample_app(without=(CorsMiddleware,)))
    assert "vary" not in without(request(), context())["headers"]


def test_answers_are_text_and_never_base64(handler):
    answer = handler(request(), context())
    assert answer["isBase64Encoded"] is False
    with pytest.raises(ValueError, match=r"."):
        base64.b64decode(answer["body"], validate=True)


@pytest.mark.row("PRM-02")
def test_the_routes_rule_can_be_read_off_it():
    route = sample_app().endpoint
    rules = [d.call.access for d in route.dependant.dependencies if hasattr(d.call, "access")]
    assert rules == [("order:place",)]


async def _says_nothing():
    return Reply({})


def _waits() -> Reply[dict[str, str]]:
    return Reply({})


async def _answers_otherwise() -> dict[str, str]:
    return {}


@pytest.mark.parametrize("endpoint", [_says_nothing, _waits, _answers_otherwise])
def test_an_endpoint_that_could_not_be_served_is_refused_where_it_is_written(endpoint):
    with pytest.raises(TypeError, match="async def"):
        create_app("orders").get("/api/v1/orders")(endpoint)
