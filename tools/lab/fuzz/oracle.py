"""What every answer has to be, whatever was asked."""

import base64
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools.lab.fuzz.plain_json import read
from tools.lab.fuzz.rig import Outcome
from tools.lab.fuzz.scene import PASSWORD

_ENVELOPE = {"success", "status_code", "type", "message", "data", "meta"}
_PROBLEM = {
    "type", "title", "status", "detail", "instance", "code", "details", "errors", "meta",
}  # fmt: skip
REQUIRED_HEADERS = (
    "x-request-id",
    "x-correlation-id",
    "x-content-type-options",
    "cache-control",
    "strict-transport-security",
    "content-security-policy",
)
_PROBLEM_OF_A_FIELD = {"loc", "field", "msg", "type", "params"}
_CODE = re.compile(r"[A-Z][A-Z0-9_]+")
_LEAKS = ("Traceback", "botocore", "site-packages", "shared.platform", "pydantic", "arn:aws")

MAY_BE_WRITTEN = {
    "RATE#": "a counter of requests counts those that are refused, too",
    "Denial#": "denials are published (PRM-05)",
    "UNIQUE#email#": "the log-in card counts what failed, and lies at the claim of the address",
    "LoginThrottle#": "the same where there is no account",
    "CACHE#": "what was read is kept for the next reader, who may be shown it or not",
}
"""Items, by the beginning of their key, that a refused request may leave, and why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must not be: its *kind* is the same for every case of it."""

    kind: str
    detail: str


def evaluate(outcome: Outcome, *, bare: bool = False) -> list[Problem]:
    """Return everything that is wrong with *outcome*; *bare*: success comes without envelope."""
    if outcome.raised:
        return [Problem("exception", outcome.raised)]
    answer = outcome.answer
    problems = list(_form(answer))
    if problems:
        return problems
    status = answer["statusCode"]
    if status >= 500:
        problems.append(Problem(f"status {status}", _last_error(outcome.log) or answer["body"]))
    problems += _headers(status, answer["headers"])
    body = text_of(answer)
    if outcome.method == "HEAD":
        problems += _head(status, answer)
    elif status not in (204, 304):
        problems += _content(status, answer["headers"], body, bare=bare)
    problems += _written(status, outcome.writes)
    problems += _leaks(body, outcome.log, status)
    return problems


def _form(answer: Any) -> Iterator[Problem]:
    if not isinstance(answer, dict) or not isinstance(answer.get("statusCode"), int):
        yield Problem("no answer", repr(answer)[:200])
        return
    headers = answer.get("headers")
    if not isinstance(headers, dict):
        yield Problem("no headers", repr(headers))
        return
    for name, value in headers.items():
        if not isinstance(value, str) or not f"{name}{value}".isprintable():
            yield Problem("unprintable header", f"{name}: {value!r}")
        elif not f"{name}{value}".isascii():
            yield Problem("header beyond ASCII", f"{name}: {value!r}")


def text_of(answer: Mapping[str, Any]) -> str:
    """Return the body of *answer* as text, decoded and unpacked."""
    body: str = answer.get("body") or ""
    if not answer.get("isBase64Encoded"):
        return body
    raw = base64.b64decode(body)
    if answer["headers"].get("content-encoding") == "gzip":
        raw = gzip.decompress(raw)
    return raw.decode("utf-8", "replace")


def _headers(status: int, headers: Mapping[str, str]) -> Iterator[Problem]:
    demanded = list(REQUIRED_HEADERS)
    demanded += {401: ["www-authenticate"], 405: ["allow"], 429: ["retry-after"]}.get(status, [])
    demanded += ["location"] if status == 201 else []
    for name in demanded:
        if name not in headers:
            yield Problem(f"{status} without {name}", str(sorted(headers)))


def _head(status: int, answer: Mapping[str, Any]) -> Iterator[Problem]:
    if answer.get("body"):
        yield Problem("HEAD with a body", answer["body"][:200])
    if status not in (204, 304) and "content-length" not in answer["headers"]:
        yield Problem("HEAD without content-length", str(sorted(answer["headers"])))


def _content(
    status: int, headers: Mapping[str, str], body: str, *, bare: bool
) -> Iterator[Problem]:
    try:
        raw = body.encode("utf-8")
        found = read(body)
    except ValueError as error:
        yield Problem("body is no JSON", f"{error}: {body[:200]!r}")
        return
    packed = "content-encoding" in headers
    if not packed and headers.get("content-length", str(len(raw))) != str(len(raw)):
        yield Problem("wrong content-length", f"{headers['content-length']}, {len(raw)} bytes")
    if bare and status < 400:
        return
    if headers.get("content-type", "").startswith("application/problem+json"):
        yield from _problem_details(status, found)
    else:
        yield from _envelope(status, headers, found)


def _envelope(status: int, headers: Mapping[str, str], found: Any) -> Iterator[Problem]:
    if not isinstance(found, dict) or _ENVELOPE - found.keys():
        yield Problem("outside the envelope", json.dumps(found)[:300])
        return
    if found["status_code"] != status or found["success"] is not (status < 400):
        yield Problem("envelope contradicts status", json.dumps(found)[:300])
    if found["meta"].get("request_id") != headers.get("x-request-id"):
        yield Problem("two request ids", json.dumps(found["meta"]))
    if not found["message"]:
        yield Problem("no message", json.dumps(found)[:300])
    if status >= 400 and found["data"] is None:
        error = found.get("error")
        if not isinstance(error, dict) or not _CODE.fullmatch(error.get("code", "")):
            yield Problem("no error code", json.dumps(found)[:300])
        elif any(each.keys() != _PROBLEM_OF_A_FIELD for each in error["errors"]):
            yield Problem("errors without form", json.dumps(error)[:300])


def _problem_details(status: int, found: Any) -> Iterator[Problem]:
    if not isinstance(found, dict) or _PROBLEM - found.keys() or found["status"] != status:
        yield Problem("no problem details", json.dumps(found)[:300])


def _written(status: int, writes: list[tuple[str, str]]) -> Iterator[Problem]:
    if status < 400:
        return
    for table, pk in writes:
        if not pk.startswith(tuple(MAY_BE_WRITTEN)):
            yield Problem("write after a refusal", f"{status}, {table}: {pk}")


def _leaks(body: str, log: str, status: int) -> Iterator[Problem]:
    for word in _LEAKS:
        if status >= 400 and word in body:
            yield Problem("internals in an answer", f"{word}: {body[:300]}")
    if PASSWORD in body:
        yield Problem("password in an answer", body[:300])
    if PASSWORD in log:
        at = log.index(PASSWORD)
        yield Problem("password in a log line", log[max(0, at - 200) : at + 60])


def _last_error(log: str) -> str:
    for line in reversed(log.splitlines()):
        if '"exception"' in line:
            try:
                return str(json.loads(line)["exception"])[-600:]
            except ValueError:
                return line[-600:]
    return ""
