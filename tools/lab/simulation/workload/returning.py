"""Somebody who comes back: logs in, stays logged in, loses answers, is robbed, and logs out."""

from collections.abc import Callable, Generator
from typing import TypeAlias

from tools.lab.simulation.workload.client import Client
from tools.lab.simulation.workload.ports import Actor, Wait
from tools.lab.simulation.workload.registering import PASSWORD, body_of
from tools.lab.simulation.workload.scene import Scene
from tools.lab.support.http_events import Caller

REFRESH, LOG_OUT = "/api/v1/auth/refresh", "/api/v1/auth/logout"
_EMAIL = "returning@shop.example"
_LOG_IN_KEY = "who-comes-back-logs-in"

Token: TypeAlias = str | None
Visit: TypeAlias = Callable[[Scene, Client, str], Generator[Wait, None, Token]]


def return_often(scene: Scene, *, visits: int) -> Actor:
    """Keep a session alive over *visits*, with everything that goes wrong with its tokens."""
    dice, phone = scene.variety, scene.client()
    body = body_of("Rück 再", _EMAIL)
    key = "who-comes-back-registers"
    yield from phone.insist("POST", "/api/v1/auth/register", key=key, body=body)
    token = yield from _log_in(phone, key=_LOG_IN_KEY)
    for _ in range(visits):
        yield dice.uniform(0, 900)
        if dice.random() < 0.1:
            yield from _log_in(phone, key=_LOG_IN_KEY)
        if token is None:
            token = yield from _log_in(phone, key=None)
            continue
        visit = _from_many_places if dice.random() < 0.02 else dice.choice(_VISITS)
        token = yield from visit(scene, phone, token)


def _log_in(client: Client, *, key: str | None) -> Generator[Wait, None, Token]:
    body = {"email": _EMAIL, "password": PASSWORD}
    answer = yield from client.insist("POST", "/api/v1/auth/login", key=key, body=body)
    if answer is None or answer.status != 200:
        return None
    return str(answer.data["refresh_token"])


def _refresh(_: Scene, client: Client, token: str) -> Generator[Wait, None, Token]:
    """Go on with a session; a lost answer is asked for again, soon or late."""
    body = {"refresh_token": token}
    answer = yield from client.insist("POST", REFRESH, key=None, body=body)
    if answer is None or answer.status != 200:
        return None
    return str(answer.data["refresh_token"])


def _twice_at_once(scene: Scene, client: Client, token: str) -> Generator[Wait, None, Token]:
    both = [client.start("POST", REFRESH, body={"refresh_token": token}) for _ in range(2)]
    yield from both
    return (yield from _refresh(scene, client, token))


def _robbed(scene: Scene, client: Client, token: str) -> Generator[Wait, None, Token]:
    mine = yield from _refresh(scene, client, token)
    yield scene.variety.uniform(20, 60)
    yield from scene.client().once("POST", REFRESH, body={"refresh_token": token})
    return mine


def _elsewhere(scene: Scene, _: Client, token: str) -> Generator[Wait, None, Token]:
    yield from _log_in(scene.client(), key=None)
    return token


def _from_many_places(scene: Scene, _: Client, token: str) -> Generator[Wait, None, Token]:
    for _number in range(21):
        yield from _log_in(scene.client(), key=None)
    return token


def _with_a_key(scene: Scene, client: Client, token: str) -> Generator[Wait, None, Token]:
    """Repeat a refresh under its key, and once more when the session is over."""
    body, key = {"refresh_token": token}, "a-refresh-that-is-repeated"
    yield from client.once("POST", REFRESH, body=body, key=key)
    yield scene.variety.uniform(0, 40)
    answer = yield from client.once("POST", REFRESH, body=body, key=key)
    if scene.variety.random() < 0.5:
        yield from client.once("POST", LOG_OUT, body=body)
        yield from client.once("POST", REFRESH, body=body, key=key)
        return None
    if answer is None or answer.status != 200:
        return None
    return str(answer.data["refresh_token"])


def _out_of_two(scene: Scene, client: Client, token: str) -> Generator[Wait, None, Token]:
    """Leave two sessions under one key, each by being in it."""
    body = {"email": _EMAIL, "password": PASSWORD}
    user = token.removeprefix("twr_").partition(".")[0]
    for _number in range(2):
        answer = yield from client.insist("POST", "/api/v1/auth/login", key=None, body=body)
        if answer is None or answer.status != 200:
            return token
        me = scene.client(Caller(user_id=user, session_id=answer.data["session_id"]))
        yield from me.once("POST", LOG_OUT, key="one-key-for-both-of-them")
    return token


def _log_out(scene: Scene, client: Client, token: str) -> Generator[Wait, None, Token]:
    body = {"refresh_token": token}
    leaving = client.start("POST", LOG_OUT, body=body)
    if scene.variety.random() < 0.5:
        yield client.start("POST", REFRESH, body=body)
    yield leaving
    yield from client.insist("POST", LOG_OUT, key=None, body=body)
    yield from client.once("POST", REFRESH, body=body)
    if scene.variety.random() < 0.5:
        yield from _log_in(client, key=_LOG_IN_KEY)
    return None


_VISITS: tuple[Visit, ...] = (
    _refresh,
    _refresh,
    _twice_at_once,
    _robbed,
    _elsewhere,
    _with_a_key,
    _out_of_two,
    _log_out,
)
