"""What stands between a client and a use case, seen through the front door."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from tools.lab.support.shop import Shop, eventually
from tools.operate.redelivery.invoking import LIVE


@pytest.mark.row("RLM-02", "RLM-03")
def test_every_order_is_counted_and_the_answer_says_so(customer):
    answers = [customer.post("/api/v1/orders", {}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {422}
    assert answers[0].headers["ratelimit-policy"] == '"orders";q=60000;w=60'
    left = [int(answer.headers["x-ratelimit-remaining"]) for answer in answers]
    assert left == sorted(left, reverse=True)
    assert left[0] - left[2] <= 120  # leases of sixty: one or two functions have taken one each


@pytest.mark.row("RLM-01")
def test_a_claimed_address_does_not_reset_the_count(shop):
    body = {"email": "nobody@example.com", "password": ""}
    left = []
    for number in range(6):
        claims = {
            "x-forwarded-for": f"198.51.100.{number}",
            "x-viewer-address": f"198.51.100.{number}",
        }
        answer = shop.http.post("/api/v1/auth/login", json=body, headers=claims)
        assert answer.status_code == 422
        left.append(int(answer.headers["x-ratelimit-remaining"]))
    assert max(left) < 40_000  # two minutes' log-ins of an address; the stack's are a thousandfold
    assert len(set(left)) == 6


@pytest.mark.row("RLM-01", "RLM-03")
def test_one_cancellation_too_many_is_429(shop, customer, product):
    thing = product(stock=100)
    orders = [customer.place((thing, 1)).json()["data"]["id"] for _ in range(31)]
    with limits_of_production(shop, "orders", "cancel_order"):
        answers = [customer.post(f"/api/v1/orders/{order}/cancel") for order in orders]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    refused = answers[-1].json()
    assert refused["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    assert refused["meta"]["request_id"] == answers[-1].headers["x-request-id"]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3_600


@contextmanager
def limits_of_production(shop: Shop, context: str, use_case: str) -> Iterator[None]:
    """Give a function the rate limits that production has."""
    with settings(shop, context, use_case, RATE_LIMIT_FACTOR="1"):
        yield


@contextmanager
def settings(shop: Shop, context: str, use_case: str, **changed: str) -> Iterator[None]:
    """Give a function other settings for a while."""
    client, name = shop.stack.client("lambda"), shop.stack.function(context, use_case)
    before = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]

    def set_to(variables: dict[str, str]) -> None:
        client.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables}
        )
        eventually(
            lambda: client.get_function_configuration(FunctionName=name),
            lambda known: (
                known["Environment"]["Variables"] == variables
                and known.get("LastUpdateStatus", "Successful") == "Successful"
            ),
            f"{name} has its new settings",
        )
        published = client.publish_version(FunctionName=name)["Version"]
        client.update_alias(FunctionName=name, Name=LIVE, FunctionVersion=published)

    set_to(before | changed)
    try:
        yield
    finally:
        set_to(before)


def test_a_function_that_does_not_start_is_the_gateways_bare_500(shop, customer):
    path = f"/api/v1/payments/{uuid4()}"
    assert customer.get(path).status_code == 404
    with settings(shop, "payments", "get_payment", ENVIRONMENT="no such environment"):
        answers = [customer.get(path) for _ in range(2)]
    for answer in answers:
        assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
        assert answer.headers["apigw-requestid"]
        assert "x-request-id" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert len({answer.headers["apigw-requestid"] for answer in answers}) == 2, "nobody keeps it"
    assert customer.get(path).status_code == 404


def test_others_answers_are_kept_only_where_they_say_so(shop):
    first, again = (shop.http.get("/.well-known/jwks.json") for _ in range(2))
    assert first.headers["cache-control"] == "public, max-age=300"
    assert again.headers["x-request-id"] == first.headers["x-request-id"]
    first, again = (shop.http.get("/api/v2/products") for _ in range(2))
    assert again.headers["x-request-id"] != first.headers["x-request-id"]


@pytest.mark.row("MID-03")
@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_a_large_answer_arrives_whole_and_small(shop, product, accepted):
    for _ in range(6):
        product()
    path = "/api/v1/products?limit=50"
    with shop.http.stream("GET", path, headers={"accept-encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(raw)
    assert "accept-encoding" in answer.headers["vary"]
    plain = shop.http.get(path, headers={"accept-encoding": "identity"}).content
    assert len(plain) > 1_024
    if accepted == "gzip":
        assert answer.headers["content-encoding"] == "gzip"
        assert len(raw) < len(plain) / 2
        raw = gzip.decompress(raw)
    assert b'"items":[' in raw


@pytest.mark.row("API-04", "CAC-04")
def test_a_client_that_has_the_order_hears_304(customer, product):
    order = customer.place((product(), 1)).json()["data"]["id"]
    path = f"/api/v1/orders/{order}"
    settled = eventually(
        lambda: customer.get(path),
        lambda answer: (
            answer.json()["data"]["status"] == "confirmed"
            or answer.json()["data"]["outcome"] == "completed"
        ),
        "the order completes",
    )
    tag = settled.headers["etag"]
    assert settled.headers["cache-control"] == "private, no-cache"
    again = customer.get(path, headers={"if-none-match": f'"no", W/{tag}, "neither"'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert customer.get(path, headers={"if-none-match": '"no"'}).status_code == 200


def test_a_tag_that_was_read_packed_is_good_for_a_change_and_a_weak_one_is_not(customer, product):
    """Nothing on the way here weakens tags: If-Match compares strongly (RFC 9110 §13.1.1)."""
    order = customer.place((product(), 1)).json()["data"]["id"]
    customer.settled(order)
    path = f"/api/v1/orders/{order}"
    for accepted in ("gzip", "identity"):
        tag = customer.get(path, headers={"accept-encoding": accepted}).headers["etag"]
        assert tag.startswith('"')
        weak = customer.post(f"{path}/cancel", headers={"if-match": f"W/{tag}"})
        assert (weak.status_code, weak.json()["error"]["code"]) == (412, "PRECONDITION_FAILED")
    assert customer.post(f"{path}/cancel", headers={"if-match": tag}).status_code == 200


def test_head_tells_what_get_would(customer, product):
    order = customer.place((product(), 1)).json()["data"]["id"]
    customer.settled(order)
    for path in (f"/api/v1/orders/{order}", "/api/v1/products?limit=5", "/.well-known/jwks.json"):
        plain = {"accept-encoding": "identity"}  # an id more or less compresses to another length
        got, head = (customer.request(each, path, headers=plain) for each in ("GET", "HEAD"))
        assert (head.status_code, head.content) == (200, b"")
        for name in ("etag", "content-type", "content-length", "cache-control", "vary"):
            assert head.headers.get(name) == got.headers.get(name), (path, name)
        assert int(got.headers["content-length"]) > 0
    tag = customer.get(f"/api/v1/orders/{order}").headers["etag"]
    same = customer.request("HEAD", f"/api/v1/orders/{order}", headers={"if-none-match": tag})
    assert same.status_code == 304
    stranger = customer.request("HEAD", "/api/v1/orders", headers={"authorization": "Bearer x"})
    assert (stranger.status_code, stranger.content) == (401, b"")


@pytest.mark.row("MID-01")
@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"params": {"q": "x" * 4_100}}, 414, "QUERY_TOO_LONG"),
        ({"headers": {f"x-{number}": "1" for number in range(110)}}, 431, "HEADERS_TOO_LARGE"),
    ],
)
def test_requests_that_are_too_much_are_refused_in_the_envelope(shop, request_, status, code):
    answer = shop.http.get("/api/v1/products", **request_)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
