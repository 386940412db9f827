"""Large answers are compressed for clients that take it; tags and caches stay right."""

import base64
import gzip
import json
from typing import Any

import pytest

from shared.platform.http.app import create_app, lambda_handler
from shared.platform.access.security import public
from shared.platform.http.middleware.compression import CompressionMiddleware
from shared.platform.http.reply import Reply
from tools.lab.support.http_events import http_event
from tools.lab.support.lambda_context import LambdaContext

pytestmark = pytest.mark.row("MID-03")

TEXT = "The quick brown fox déjà vu 🦊. " * 60


def get(size: int = 2_000, **options: Any) -> dict[str, Any]:
    """Return what a function with *size* characters to say answers."""
    app = create_app("things", without=options.pop("without", ()))
    said = options.pop("said", {"etag": '"5"', "cache-control": "private, no-cache"})

    @app.get("/api/v1/things", dependencies=[public])
    async def endpoint() -> Reply[dict[str, str]]:
        return Reply({"text": TEXT[:size]}, headers=said)

    event = http_event("GET", "/api/v1/things", headers=options)
    answer: dict[str, Any] = lambda_handler(app)(event, LambdaContext())
    return answer


def test_a_large_answer_comes_as_gzip_in_base64() -> None:
    answer = get(**{"accept-encoding": "br, gzip, deflate"})
    assert answer["isBase64Encoded"] is True
    packed = base64.b64decode(answer["body"])
    headers = answer["headers"]
    assert (headers["content-encoding"], headers["content-length"]) == ("gzip", str(len(packed)))
    assert headers["content-type"] == "application/json"
    assert json.loads(gzip.decompress(packed))["data"] == {"text": TEXT[:2_000]}
    assert len(packed) < 700


@pytest.mark.parametrize(
    ("accepted", "coded"),
    [
        ("gzip", True),
        ("GZip;q=0.5, identity;q=0.1", True),
        ("br;q=1.0, *;q=0.1", True),
        ("", False),
        ("identity", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("gzip;q=nonsense", False),
        ("gzip;q=0.2, identity;q=0.9", False),
        ("x-gzip-like", False),
    ],
)
def test_the_client_says_what_it_takes(accepted: str, *, coded: bool) -> None:
    answer = get(**{"accept-encoding": accepted})
    assert ("content-encoding" in answer["headers"]) is coded
    assert answer["headers"]["vary"] == "accept-encoding,origin"


def test_a_small_answer_stays_as_it_is() -> None:
    answer = get(100, **{"accept-encoding": "gzip"})
    assert "content-encoding" not in answer["headers"]
    assert answer["headers"]["vary"] == "origin"
    assert answer["isBase64Encoded"] is False


def test_where_it_begins_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPRESS_FROM_BYTES", "50")
    assert get(100, **{"accept-encoding": "gzip"})["headers"]["content-encoding"] == "gzip"


def test_a_function_can_do_without() -> None:
    answer = get(**{"accept-encoding": "gzip"}, without=(CompressionMiddleware,))
    assert "content-encoding" not in answer["headers"]


def test_vary_names_the_origin_too() -> None:
    answer = get(**{"accept-encoding": "gzip", "origin": "https://shop.example"})
    varies = {name.strip() for name in answer["headers"]["vary"].split(",")}
    assert varies == {"accept-encoding", "origin"}


def test_errors_are_compressed_like_anything_else() -> None:
    app = create_app("things")

    @app.post("/api/v1/things", dependencies=[public])
    async def endpoint(body: dict[str, int]) -> Reply[None]:
        raise AssertionError(body)

    many = {f"field {number}": "no number" for number in range(50)}
    event = http_event("POST", "/api/v1/things", body=many, headers={"accept-encoding": "gzip"})
    answer = lambda_handler(app)(event, LambdaContext())
    assert answer["statusCode"] == 422
    body = json.loads(gzip.decompress(base64.b64decode(answer["body"])))
    assert len(body["error"]["errors"]) == 50


@pytest.mark.row("API-04", "CAC-04")
class TestTags:
    def test_two_forms_of_an_answer_have_two_tags(self) -> None:
        assert get()["headers"]["etag"] == '"5"'
        assert get(**{"accept-encoding": "gzip"})["headers"]["etag"] == '"5-gzip"'
        said = {"etag": 'W/"5"'}
        assert get(said=said, **{"accept-encoding": "gzip"})["headers"]["etag"] == 'W/"5"'

    @pytest.mark.parametrize(
        "held", ['"5"', 'W/"5"', '"5-gzip"', '"1", W/"5" , "9"', "*", '"x,y","5"']
    )
    @pytest.mark.parametrize("accepted", ["gzip", "identity"])
    def test_a_client_that_has_it_hears_304(self, held: str, accepted: str) -> None:
        answer = get(**{"if-none-match": held, "accept-encoding": accepted})
        assert answer["statusCode"] == 304
        assert not answer.get("body")
        assert "content-encoding" not in answer["headers"]
        assert answer["headers"]["vary"] == "accept-encoding,origin"
        assert answer["headers"]["cache-control"] == "private, no-cache"
        assert answer["headers"]["etag"] == ('"5-gzip"' if accepted == "gzip" else '"5"')

    @pytest.mark.parametrize("held", ['"4"', "5", '"55"', '"x,5"', '"*"', '""', "W/5", ","])
    def test_a_client_that_has_another_gets_the_answer(self, held: str) -> None:
        assert get(**{"if-none-match": held})["statusCode"] == 200

    def test_what_may_be_kept_gets_a_tag_by_its_data(self) -> None:
        said = {"cache-control": "public, max-age=300"}
        first, again, other = (get(size, said=said)["headers"]["etag"] for size in (20, 20, 21))
        assert first.startswith('W/"')
        assert (first == again, first == other) == (True, False)
        assert get(20, said=said, **{"if-none-match": first})["statusCode"] == 304

    def test_what_may_not_be_kept_gets_none(self) -> None:
        headers = get(said={})["headers"]
        assert "etag" not in headers
        assert headers["cache-control"] == "no-store"
