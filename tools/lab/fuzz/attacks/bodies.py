"""Attacks on bodies."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tools.lab.fuzz.attacks.hostile import JSON
from tools.lab.fuzz.request import Request


@dataclass(frozen=True, slots=True)
class Raw:
    """JSON source text in the place of a value."""

    text: str


def dump(value: Any) -> str:
    """Return JSON, raw texts as they are; a list of pairs is an object, whatever its keys."""
    match value:
        case Raw(text):
            return text
        case dict():
            return "{" + ",".join(f"{_key(k)}:{dump(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ",".join(dump(item) for item in value) + "]"
    return json.dumps(value)


def _key(key: Any) -> str:
    return key.text if isinstance(key, Raw) else json.dumps(key)


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*place, index))


def _changed(value: Any, place: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not place:
        return change(value)
    first, rest = place[0], place[1:]
    if isinstance(value, dict):
        return {k: _changed(v, rest, change) if k == first else v for k, v in value.items()}
    return [_changed(v, rest, change) if i == first else v for i, v in enumerate(value)]


def _value(request: Request) -> Any:
    try:
        return json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return {}


def _with(request: Request, value: Any) -> Request:
    text = dump(value)
    return _typed(replace(request, body=text.encode("utf-8", "surrogatepass")))


def _typed(request: Request) -> Request:
    if request.header("content-type"):
        return request
    return request.with_header("Content-Type", "application/json")


def hostile_value(request: Request, dice: Random) -> Request:
    """A field, an item or the whole body is something else."""
    value = _value(request)
    places = list(_places(value))
    leaves = [p for p in places if not isinstance(_at(value, p), dict | list)]
    place = dice.choice(leaves if leaves and dice.random() < 0.8 else places)
    text = JSON[dice.choice(list(JSON))]
    return _with(request, _changed(value, place, lambda _: Raw(text)))


def _in_object(
    request: Request, dice: Random, change: Callable[[dict[Any, Any]], dict[Any, Any]]
) -> Request:
    value = _value(request)
    objects = [p for p in _places(value) if isinstance(_at(value, p), dict)]
    if not objects:
        return _with(request, change({}))
    return _with(request, _changed(value, dice.choice(objects), change))


def _at(value: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        value = value[step]
    return value


def duplicate_key(request: Request, dice: Random) -> Request:
    """A field comes twice, with the same value or another."""

    def twice(found: dict[Any, Any]) -> dict[Any, Any]:
        key = dice.choice(list(found) or ["a"])
        other = dice.choice([found.get(key), Raw("null"), Raw("1")])
        return {**found, key: found.get(key), Raw(json.dumps(key)): other}

    return _in_object(request, dice, twice)


def unknown_field(request: Request, dice: Random) -> Request:
    """A field that nobody asked for, named like something powerful."""
    names = ("role", "id", "is_admin", "__class__", "constructor", "x", "", "PK", "customer_id")
    return _in_object(request, dice, lambda found: {**found, dice.choice(names): "admin"})


def missing_field(request: Request, dice: Random) -> Request:
    """A field is not there."""

    def less(found: dict[Any, Any]) -> dict[Any, Any]:
        gone = dice.choice(list(found) or [""])
        return {key: value for key, value in found.items() if key != gone}

    return _in_object(request, dice, less)


def renamed_field(request: Request, dice: Random) -> Request:
    """A field has a name that looks like its own."""

    def other(found: dict[Any, Any]) -> dict[Any, Any]:
        old = dice.choice(list(found) or ["a"])
        new = dice.choice(
            [old.upper(), f"{old} ", f"{old}\u200b", f"{old}[]", old.replace("_", "-")]
        )
        return {new if key == old else key: value for key, value in found.items()}

    return _in_object(request, dice, other)


def wrapped(request: Request, dice: Random) -> Request:
    """An array where an object should be, an object where an array should be."""
    value = _value(request)
    place = dice.choice(list(_places(value)))

    def wrap(found: Any) -> Any:
        return {"0": found[0] if found else None} if isinstance(found, list) else [found]

    return _with(request, _changed(value, place, wrap))


def repeated_items(request: Request, dice: Random) -> Request:
    """A list is far longer than anybody's."""
    value = _value(request)
    lists = [p for p in _places(value) if isinstance(_at(value, p), list)]
    if not lists:
        return hostile_value(request, dice)
    times = dice.choice([2, 101, 1_000])
    return _with(request, _changed(value, dice.choice(lists), lambda found: found * times))


_WHOLE: dict[str, bytes] = {
    "empty": b"",
    "space": b" \n\t ",
    "null": b"null",
    "zero": b"0",
    "text": b"hello",
    "quote": b'"',
    "brace": b"{",
    "array": b"[]",
    "two values": b"{} {}",
    "nul bytes": b"\x00" * 20,
    "not utf-8": b'{"a":"\xff\xfe"}',
    "overlong": b'{"a":"\xc0\xaf"}',
    "encoded surrogate": b'{"a":"\xed\xa0\x80"}',
    "too large": b'{"a":"' + b"x" * 300_000 + b'"}',
    "just too large": b" " * 262_145,
    "deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000,
    "xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "form": b"email=a%40b.c&password=x",
    "multipart": b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--\r\n",
    "a request": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
}


def whole_body(request: Request, dice: Random) -> Request:
    """The body is something else altogether."""
    return _typed(replace(request, body=_WHOLE[dice.choice(list(_WHOLE))]))


def mangled_bytes(request: Request, dice: Random) -> Request:
    """Some bytes are changed, cut, doubled or put in."""
    body = bytearray(request.body or b"{}")
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(body) + 1)
        match dice.randrange(4):
            case 0:
                body[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del body[at : at + dice.randint(1, 9)]
            case 2:
                body[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 5)))
            case _:
                body[at:at] = body[max(0, at - 10) : at]
    return _typed(replace(request, body=bytes(body)))


def other_encoding(request: Request, dice: Random) -> Request:
    """The same text in another encoding."""
    text = (request.body or b"{}").decode("utf-8", "replace")
    encoding = dice.choice(["utf-16", "utf-16-le", "utf-32", "utf-7", "utf-8-sig", "cp037"])
    return _typed(replace(request, body=text.encode(encoding, "replace")))


def compressed(request: Request, dice: Random) -> Request:
    """A compressed body that says so, one that does not, and one that lies."""
    body, packed = request.body or b"{}", gzip.compress(request.body or b"{}", mtime=0)
    said, sent = dice.choice(
        [("gzip", packed), ("", packed), ("gzip", body), ("br", body), ("identity", body),
         ("gzip", gzip.compress(b" " * 3_000_000, mtime=0)), ("gzip, gzip", packed)],
    )  # fmt: skip
    request = _typed(replace(request, body=sent))
    return request.with_header("Content-Encoding", said) if said else request


ATTACKS = (
    hostile_value, duplicate_key, unknown_field, missing_field, renamed_field, wrapped,
    repeated_items, whole_body, mangled_bytes, other_encoding, compressed,
)  # fmt: skip
