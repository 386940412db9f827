"""Somebody who does things within sessions, while these end in every way there is."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from tools.lab.simulation.workload.client import Client
from tools.lab.simulation.workload.ports import Actor, Pending, Wait
from tools.lab.simulation.workload.registering import body_of
from tools.lab.simulation.workload.rotating import publish
from tools.lab.simulation.workload.scene import CARDS, Scene
from tools.lab.support.http_events import Caller

ME, SESSIONS = "/api/v1/users/me", "/api/v1/users/me/sessions"
_AUTH, _EMAIL = "/api/v1/auth", "member@shop.example"
PASSWORDS = ("four brisk herons at noon", "nine loud badgers before dawn")
_TENTH, _LONG = 600.0, 5_000.0
"""Seconds after which an access token is good no more, by a right clock and by any."""
_KNOWS = 0.7


@dataclass
class Member:
    """Somebody with an account of their own, whose requests come with the tokens they were given.

    ``password`` is the one that is right as far as they know, ``other`` what they change it to.
    """

    scene: Scene
    id: str
    password: str
    other: str
    session: str = ""
    refresh_token: str = ""
    client: Client | None = None

    def granted(self, data: Any) -> None:
        """Go on with what a log-in or a refresh has granted."""
        self.session, self.refresh_token = data["session_id"], data["refresh_token"]
        self.client = self.holding(data)

    def holding(self, data: Any) -> Client:
        """Return a client with the access token of *data*."""
        caller = Caller(user_id=self.id, session_id=data["session_id"])
        return replace(self.scene.client(caller), token=data["access_token"])

    def forget(self) -> None:
        """Have no tokens any more."""
        self.session, self.refresh_token, self.client = "", "", None


Deed: TypeAlias = Callable[[Member, Client], Actor]


def belong(scene: Scene, *, deeds: int) -> Actor:
    """Have an account, and do things within its sessions, *deeds* times."""
    dice, body = scene.variety, {**body_of("Mêmber", _EMAIL), "password": PASSWORDS[0]}
    yield from publish(scene)
    answer = yield from scene.client().insist(
        "POST", f"{_AUTH}/register", key="a-member-of-the-shop", body=body
    )
    if answer is None or answer.status != 201:
        return
    member = Member(scene, answer.data["id"], *PASSWORDS)
    for _ in range(deeds):
        yield dice.choice((0.0, 1.0, 30.0, _TENTH))
        if member.client is None:
            yield from _log_in(member)
        if member.client is not None:
            yield from dice.choice(_DEEDS)(member, member.client)


def _log_in(member: Member) -> Actor:
    """Log in, with the other password where the one is refused: a change may have been unheard."""
    for password in (member.password, member.other):
        data = yield from _granted_for(member, password)
        if data is not None:
            if password == member.other:
                member.password, member.other = member.other, member.password
            member.granted(data)
            return


def _granted_for(member: Member, password: str) -> Generator[Wait, None, Any]:
    body = {"email": _EMAIL, "password": password}
    visitor = member.scene.client()
    answer = yield from visitor.insist("POST", f"{_AUTH}/login", key=None, body=body)
    return answer.data if answer is not None and answer.status == 200 else None


def _look(member: Member, client: Client) -> Actor:
    yield client.start("GET", member.scene.variety.choice((ME, SESSIONS)))


def _looks(member: Member, client: Client) -> list[Pending]:
    """Ask for things that may come before, while and after something else is done."""
    number = member.scene.variety.randint(1, 3)
    return [client.start("GET", path) for path in (ME, SESSIONS, ME)[:number]]


def _buy(member: Member, client: Client) -> Actor:
    scene = member.scene
    if not scene.open or not scene.products:
        return
    lines = [{"product_id": scene.variety.choice(scene.products), "quantity": 1}]
    body = {"lines": lines, "payment_method": scene.variety.choice(CARDS)}
    yield from client.insist("POST", "/api/v1/orders", key=None, body=body)


def _renew(member: Member, client: Client) -> Actor:
    """Refresh, and go on with the new token; the one before is good for its ten minutes."""
    body = {"refresh_token": member.refresh_token}
    looks = _looks(member, client)
    visitor = member.scene.client()
    answer = yield from visitor.insist("POST", f"{_AUTH}/refresh", key=None, body=body)
    if answer is not None and answer.status == 200:
        member.granted(answer.data)
    else:
        member.forget()
    yield from looks
    yield from _look(member, client)


def _come_back(member: Member, client: Client) -> Actor:
    """Come back when the token is over, whatever the clocks say, and the session goes on."""
    yield _LONG
    yield from _look(member, client)
    yield from _renew(member, client)


def _leave(member: Member, client: Client) -> Actor:
    """Log out within the session, while things are asked in it."""
    looks = _looks(member, client)
    yield client.start("POST", f"{_AUTH}/logout")
    yield from looks
    yield from _look(member, client)
    member.forget()


def _end_elsewhere(member: Member, client: Client) -> Actor:
    """End a session from another one, or try to end one that is none."""
    lost = yield from _granted_for(member, member.password)
    if lost is None:
        return
    phone = member.holding(lost)
    looks = _looks(member, phone)
    for session in (lost["session_id"], "0190a000-0000-7000-8000-00000000dead"):
        yield client.start("DELETE", f"{SESSIONS}/{session}")
    yield from looks
    yield from _look(member, phone)


def _change_password(member: Member, client: Client) -> Actor:
    """Take another password, while another session goes on that was begun with the old one."""
    other = yield from _granted_for(member, member.password)
    elsewhere = member.holding(other) if other is not None else client
    guess = member.password if member.scene.variety.random() < _KNOWS else "no word of theirs"
    body = {"current_password": guess, "new_password": member.other}
    looks = _looks(member, elsewhere)
    changing = client.start("POST", f"{ME}/password", body=body)
    yield changing
    yield from looks
    yield from _look(member, elsewhere)
    if changing.answer is not None and changing.answer.status == 200:
        member.password, member.other = member.other, member.password
    yield from _look(member, client)


def _locked_out(member: Member, client: Client) -> Actor:
    """Be locked out by the shop while things are under way, and let in again."""
    admin, path = member.scene.admin, f"/api/v1/users/{member.id}"
    looks = _looks(member, client)
    yield from admin.insist("POST", f"{path}/deactivate", key=None)
    yield from looks
    yield from _look(member, client)
    yield from _granted_for(member, member.password)
    yield from admin.insist("POST", f"{path}/reactivate", key=None)
    yield from _look(member, client)
    member.forget()


_DEEDS: tuple[Deed, ...] = (
    _look,
    _buy,
    _renew,
    _come_back,
    _leave,
    _end_elsewhere,
    _change_password,
    _locked_out,
)
