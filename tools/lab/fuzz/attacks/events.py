"""Attacks through the event: what a gateway might hand over that no client can be blamed for."""

import base64
from dataclasses import replace
from random import Random
from typing import Any

from tools.lab.fuzz.request import Request


def _edit(request: Request, **edits: Any) -> Request:
    return replace(request, edits=(*request.edits, *edits.items()))


def missing_key(request: Request, dice: Random) -> Request:
    """A key that the gateway leaves out, or fills with nothing."""
    keys = ("body", "headers", "cookies", "queryStringParameters", "pathParameters",
            "rawQueryString", "isBase64Encoded", "stageVariables", "rawPath",
            "routeKey")  # fmt: skip
    return _edit(request, **{dice.choice(keys): dice.choice([None, ...])})


def base64_lie(request: Request, dice: Random) -> Request:
    """The flag says base64 and the body is none, or the other way round."""
    body = request.body or b'{"a":1}'
    text = base64.b64encode(body).decode()
    lie = dice.choice(
        [(body.decode("utf-8", "replace"), True), (text, False), (text[:-1], True), (text + "=",
         True), ("%%%", True),
         ("", True), (text.replace("A", "-"), True), (text + "\n", True), ("é" * 8, True), (text,
         "true"), (text, 1),
         (base64.b64encode(b"\xff\xfe\x00").decode(), True),
         (base64.b64encode(b"\xed\xa0\x80").decode(), True),
         ("=" * 40, True), (text * 2, True)],
    )  # fmt: skip
    return _edit(request, body=lie[0], isBase64Encoded=lie[1])


def unreadable_text(request: Request, dice: Random) -> Request:
    """Text that is no text: lone surrogates and characters that no header holds."""
    odd = dice.choice(["\ud800", "\udcff", "☃", "\x00", "\r\nx: y", "\x7f", "\u2028"])
    match dice.randrange(4):
        case 0:
            return _edit(request, body=f'{{"a":"{odd}"}}', isBase64Encoded=False)
        case 1:
            return _edit(request, rawQueryString=f"limit={odd}")
        case 2:
            return _edit(request, cookies=[f"a={odd}", odd])
    return _edit(
        request, headers={"x-odd": odd, f"x-{odd}": "a", "content-type": "application/json"}
    )


def odd_headers(request: Request, dice: Random) -> Request:
    """Headers as no gateway writes them."""
    found: Any = dice.choice(
        [{}, {"": ""}, {"CONTENT-TYPE": "application/json"}, {"content-type": None}, {"a": 1},
         {"content-length": "-1"}, {"host": ":::"}, {"x-forwarded-port": "x",
         "x-forwarded-proto": "y"}],
    )  # fmt: skip
    return _edit(request, headers=found)


ATTACKS = (missing_key, base64_lie, unreadable_text, odd_headers)
