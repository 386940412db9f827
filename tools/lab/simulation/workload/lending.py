"""Somebody who lends rights to programs: makes keys, loses answers, and revokes what may leak."""

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TypeAlias

from tools.lab.simulation.workload.client import Client
from tools.lab.simulation.workload.ports import Actor, Wait
from tools.lab.simulation.workload.registering import PASSWORD, body_of
from tools.lab.simulation.workload.scene import Scene
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import Caller

KEYS = "/api/v1/api-keys"
_WHOLE = "tw_"
_EMAIL = "lending@shop.example"
_WISH = {"name": "Import № 1", "scopes": ["order:read"]}

Ids: TypeAlias = list[str]
"""Keys' ids, and the whole of those that were shown."""
Deed: TypeAlias = Callable[[Scene, Client, Ids], Generator[Wait, None, None]]


def lend_often(scene: Scene, *, deeds: int) -> Actor:
    """Open an account, and do with its keys what people do, some of it twice at once."""
    visitor = scene.client()
    body = body_of("Léa Lend", _EMAIL)
    key = "who-lends-opens-an-account"
    joined = yield from visitor.insist("POST", "/api/v1/auth/register", key=key, body=body)
    known = {"email": _EMAIL, "password": PASSWORD}
    begun = yield from visitor.insist("POST", "/api/v1/auth/login", key=None, body=known)
    if joined is None or begun is None or {joined.status, begun.status} != {201, 200}:
        return
    me = scene.client(Caller(user_id=joined.data["id"], session_id=begun.data["session_id"]))
    keys: Ids = []
    for _ in range(deeds):
        yield scene.variety.uniform(0, 60)
        yield from scene.variety.choice(_DEEDS)(scene, me, keys)


def named(answer: Answer | None) -> Ids:
    """Return the key that an answer is about: who lost it is told which one it was."""
    if answer is not None and answer.status == 201:
        return [answer.data["id"], answer.data["api_key"]]
    if answer is not None and answer.code == "API_KEY_SHOWN":
        return [answer.json["error"]["details"]["key_id"]]
    return []


def _make(scene: Scene, me: Client, keys: Ids) -> Generator[Wait, None, None]:
    key = f"a-key-for-program-{scene.variety.randrange(5)}"
    keys += named((yield from me.insist("POST", KEYS, key=key, body=_WISH)))


def _make_two_at_once(_: Scene, me: Client, keys: Ids) -> Generator[Wait, None, None]:
    both = [me.start("POST", KEYS, body=_WISH) for _ in range(2)]
    yield from both
    for each in both:
        keys += named(each.answer)


def _make_many(_: Scene, me: Client, keys: Ids) -> Generator[Wait, None, None]:
    many = [me.start("POST", KEYS, body=_WISH) for _ in range(21)]
    yield from many
    for each in many:
        keys += named(each.answer)


def _revoke(scene: Scene, me: Client, keys: Ids) -> Generator[Wait, None, None]:
    ids = [each for each in keys if not each.startswith(_WHOLE)]
    if not ids:
        return
    path = f"{KEYS}/{scene.variety.choice(ids)}"
    if scene.variety.random() < 0.5:
        yield from [me.start("DELETE", path) for _ in range(2)]
    yield from me.insist("DELETE", path, key="a-key-that-may-have-leaked")


def _use(scene: Scene, me: Client, keys: Ids) -> Generator[Wait, None, None]:
    """Have a program ask, now and then while its key is revoked."""
    whole = [each for each in keys if each.startswith(_WHOLE)]
    if not whole:
        return
    text = scene.variety.choice(whole)
    program = replace(me, token=text)
    using = [program.start("GET", "/api/v1/orders") for _ in range(2)]
    if scene.variety.random() < 0.5:
        using.append(me.start("DELETE", f"{KEYS}/{text.split('_')[2]}"))
    yield from using
    yield from program.once("GET", "/api/v1/orders")


def _look(_: Scene, me: Client, keys: Ids) -> Generator[Wait, None, None]:  # a deed
    yield from me.once("GET", KEYS)


_DEEDS: tuple[Deed, ...] = (
    _make,
    _make,
    _make_two_at_once,
    _make_many,
    _revoke,
    _use,
    _use,
    _use,
    _look,
)
