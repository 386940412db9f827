"""Attacks on headers."""

import base64
import json
from dataclasses import replace
from random import Random

from shared.platform.access.session_cookies import ACCESS, CSRF, REFRESH
from tools.lab.fuzz.request import Request

_TYPES = (
    "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b",
    "application/json; charset=utf-16", "application/json;", "APPLICATION/JSON",
    "application/json, text/html",
    "application/vnd.api+json", "json", "*/*", "application/json\t", "application/jsonp",
    "a/b;" + "c" * 2_000,
    "application/octet-stream", "image/png",
)  # fmt: skip
_ACCEPTS = (
    "", "*/*", "text/html", "application/problem+json", "application/xml;q=1",
    "application/problem+json;q=0",
    "a" * 5_000, ",,,", ";", "é",
)  # fmt: skip
_TAGS = (
    "*", '"1"', 'W/"1"', '"0"', '"999999999999999999999"', '""', "1", '"1', '"1", "2", W/"3"',
    '"1""2"',
    '"' + "9" * 900 + '"', "*, *", ",", '"é"', '"1"' * 200, '"-1"', '"1.0"', '"\uff11"',
)  # fmt: skip
_KEYS = (
    "",
    " ",
    "a b",
    "é",
    "x" * 255,
    "x" * 256,
    "a#b",
    "IDEMPOTENCY#",
    "\t",
    "a,b",
    "%00",
    '"k"',
    "fuzz",
)
_NAMES = (
    "X-Correlation-Id", "X-Request-Id", "X-Amzn-Trace-Id", "Origin", "Referer", "Cookie",
    "Forwarded", "Expect", "X-API-Key", "X-Forwarded-Client",
    "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto",
    "X-HTTP-Method-Override",
    "X-Origin-Verify", "X-Viewer-Address", "X-Original-URL", "Range", "TE", "Upgrade", "Via",
    "Date", "Prefer",
    "Accept-Encoding", "Accept-Language", "User-Agent", "Content-MD5", "Content-Language",
    "Max-Forwards",
)  # fmt: skip
_VALUES = (
    "", " ", "0", "-1", "a" * 8_000, "é", "ÿ" * 50, "a,b,c", "a;b=c", '"', "'",
    "\\", "%00%0d%0a", "*", "null",
    "https://evil.example", "null, https://shop.example", "bytes=0-", "bytes=0-0,-1",
    "100-continue", "websocket",
    "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1", "Root=;;=;",
    "Root=" + "1" * 3_000,
    "for=unknown", "::1", "999.999.999.999", "127.0.0.1", "gzip;q=nan", "story-12345", "x\ty",
    "1" * 129, "DELETE",
)  # fmt: skip

_SESSIONS = (
    "", "x", "a.b.c", "....", "é", "a" * 3_000, '"a.b.c"', "eyJhbGciOiJub25lIn0..", "null",
    "twr_0190a000-0000-7000-8000-000000000001.0190a000-0000-7000-8000-000000000002.1." + "A" * 43,
    "twr_" + "9" * 400,
)  # fmt: skip


def content_type(request: Request, dice: Random) -> Request:
    """The body claims to be something else, or nothing."""
    kind = dice.choice(_TYPES)
    if kind:
        return request.with_header("Content-Type", kind)
    kept = tuple(pair for pair in request.headers if pair[0].lower() != "content-type")
    return replace(request, headers=kept)


def accept(request: Request, dice: Random) -> Request:
    """The client wants something else in return."""
    return request.with_header("Accept", dice.choice(_ACCEPTS))


def entity_tags(request: Request, dice: Random) -> Request:
    """Conditions on versions that nobody has."""
    name = dice.choice(["If-Match", "If-None-Match", "If-Modified-Since", "If-Range"])
    return request.with_header(name, dice.choice(_TAGS))


def idempotency_key(request: Request, dice: Random) -> Request:
    """Keys that are none, and keys that others have used."""
    return request.with_header("Idempotency-Key", dice.choice(_KEYS))


def authorization(request: Request, dice: Random) -> Request:
    """Credentials that are no good."""
    claims = {"sub": "admin", "exp": 9_999_999_999, "role": "admin"}
    parts = [
        {
            "alg": dice.choice(["none", "HS256", "EdDSA", ""]),
            "typ": "at+jwt",
            "kid": "../../dev/null",
        },
        claims,
    ]
    forged = ".".join(
        base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts
    )
    value = dice.choice(
        ["", "Bearer", "Bearer ", "bearer x", "Basic YTpi", "Bearer a.b.c", f"Bearer {forged}.",
         f"Bearer {forged}.AAAA",
         "Bearer " + "a" * 3_000, "Bearer " + "é" * 20, "Digest username=a", "Bearer null",
         "Bearer a b c",
         "Bearer ....", "Bearer eyJhbGciOiJub25lIn0..", "ApiKey x", "\tBearer x", "Bearer,Bearer"],
    )  # fmt: skip
    return request.with_header("Authorization", value)


def odd_header(request: Request, dice: Random) -> Request:
    """A header that somebody might believe, with a value that they should not."""
    return request.with_header(dice.choice(_NAMES), dice.choice(_VALUES), more=dice.random() < 0.3)


def many_headers(request: Request, dice: Random) -> Request:
    """More headers, or longer ones, than any client sends."""
    number, size = dice.choice([(101, 1), (150, 40), (1, 10_300), (30, 400), (99, 1)])
    extra = tuple((f"X-Fuzz-{n}", "v" * size) for n in range(number))
    return replace(request, headers=(*request.headers, *extra))


def cookies(request: Request, dice: Random) -> Request:
    """Cookies of every form."""
    value = dice.choice(
        ["a=b", "a=b; c=d", "=", ";;;", "a", "a=" + "b" * 5_000, "a=b;" * 300,
         "session=; session=x", 'a="b; c"', "a=é",
         "$Version=1; a=b", "__Host-x=1", "a=%00", "a=b=c=d"],
    )  # fmt: skip
    return request.with_header("Cookie", value)


def session_cookies(request: Request, dice: Random) -> Request:
    """Cookies with the names of a session's and nothing good in them, beside a token or not."""
    access, refresh = (dice.choice(_SESSIONS) for _ in range(2))
    pairs = [f"{ACCESS}={access}", f"{REFRESH}={refresh}", f"{CSRF}=x"]
    pairs += dice.choice([[], [f"{ACCESS}={access}"], [ACCESS], [f"{REFRESH}="]])
    dice.shuffle(pairs)
    who = replace(request, token=dice.choice([request.token, ""]))
    return who.with_header("Cookie", "; ".join(pairs)).with_header(
        "X-CSRF-Token", dice.choice(["", "x", "é", "a" * 3_000, " "])
    )


ATTACKS = (
    content_type, accept, entity_tags, idempotency_key, authorization, odd_header, many_headers,
    cookies, session_cookies,
)  # fmt: skip
