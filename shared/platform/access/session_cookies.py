"""The cookies of a session, for pages on the API's own site; programs carry tokens in headers.

What a page cannot read cannot be stolen from it: both tokens are HttpOnly. What another site has a
browser send comes without them (SameSite), and what another page of the same site has it send
comes without the CSRF token, which only answers to our own pages tell (docs/adr/0044).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ACCESS = "__Host-tradewind-access"
REFRESH = "__Host-tradewind-refresh"
CSRF = "__Host-tradewind-csrf"
CSRF_HEADER = "x-csrf-token"
_SAFE = ("GET", "HEAD", "OPTIONS")
"""The methods that change nothing (RFC 9110, 9.2.1): any other one needs the CSRF token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a request carries of a session; a cookie that comes twice counts as none."""

    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    csrf_token: str = field(default="", repr=False)
    """What the header says: the cookie comes along by itself and proves nothing."""


def sent(lines: Iterable[str], *, csrf_token: str = "") -> Sent:
    """Return what is in the *lines* of a request's ``Cookie``, or in its cookies one by one."""
    found: dict[str, list[str]] = {ACCESS: [], REFRESH: []}
    for each in (pair for line in lines for pair in line.split(";")):
        name, _, value = each.strip().partition("=")
        if name in found:
            found[name].append(value)
    access, refresh = (
        values[0] if len(values) == 1 else "" for values in (found[ACCESS], found[REFRESH])
    )
    return Sent(access_token=access, refresh_token=refresh, csrf_token=csrf_token)


def lines_of(event: Mapping[str, Any]) -> Sequence[str]:
    """Return the cookies of an HTTP API's event: AWS lists them, and may leave the header too."""
    listed = event.get("cookies")
    if listed:
        return [each for each in listed if isinstance(each, str)]
    headers = (event.get("headers") or {}).items()
    return [str(value) for name, value in headers if name.lower() == "cookie"]


def changes_something(method: str) -> bool:
    """Tell whether a request may change something: all but those whose method promises not to."""
    return method not in _SAFE


def set_cookies(*, access: tuple[str, int], refresh: tuple[str, int], csrf: str) -> list[str]:
    """Return the ``Set-Cookie`` of a session: tokens with their seconds, and the CSRF token."""
    return [
        _cookie(ACCESS, *access, "HttpOnly; "),
        _cookie(REFRESH, *refresh, "HttpOnly; "),
        _cookie(CSRF, csrf, refresh[1]),
    ]


def forgotten() -> list[str]:
    """Return the ``Set-Cookie`` that ends them."""
    return set_cookies(access=("", 0), refresh=("", 0), csrf="")


def _cookie(name: str, value: str, seconds: int, unread: str = "") -> str:
    return f"{name}={value}; Max-Age={seconds}; Path=/; Secure; {unread}SameSite=Strict"
