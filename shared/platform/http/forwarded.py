"""Whose address a request is counted by, where a shop window's server says for whom it asks.

All its visitors come from its own address. So a program whose API key has the scope
``client:forward`` states the buyer's: ``X-Forwarded-Client: 192.0.2.60``, one address. From
anybody else the header is refused, and never ignored: limits would count another than was meant.

It is no ``Forwarded`` (RFC 7239) and no ``X-Forwarded-For``: proxies and the gateway write those
of themselves, so that they say nothing of what the caller wants.
"""

from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from starlette.types import Scope

from shared.platform.access.permissions import Caller, Kind, Permission, caller_of, read_caller
from shared.platform.access.security import AuthorizerUnavailable, InvalidToken
from shared.platform.http.middleware.asgi import header
from shared.platform.runtime.errors import RequestRefused

HEADER = b"x-forwarded-client"

Identify = Callable[[str], Mapping[str, Any]]
"""What the authorizer would say of an API key, for routes that it does not stand before."""


def stated_address(scope: Scope) -> str:
    """Return the address that a request states; `RequestRefused` for who may not state any."""
    caller = _who_states(scope)
    if caller.kind is Kind.INVALID:
        raise InvalidToken(details={"reason": caller.reason})
    if caller.kind in (Kind.UNAVAILABLE, Kind.UNREADABLE):
        raise AuthorizerUnavailable("nobody can say who states an address")
    at = ("header", HEADER.decode())
    user = caller.user
    if user is None or user.scopes is None or not user.may(Permission.CLIENT_FORWARD):
        text = "X-Forwarded-Client takes an API key with the scope client:forward."
        raise RequestRefused(403, "FORWARDING_NOT_ALLOWED", text, at=at)
    try:
        address = ip_address(header(scope, HEADER))
    except ValueError:
        text = "X-Forwarded-Client must be one IP address."
        raise RequestRefused(422, "INVALID_FORWARDED_CLIENT", text, at=at) from None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _who_states(scope: Scope) -> Caller:
    """Return who that is. Where no authorizer stands, the route may look at the key itself.

    What it finds is for this alone: who logs in is a stranger, whoever's server sends it.
    """
    identify: Identify | None = scope["app"].identify
    key = header(scope, b"x-api-key").strip()
    if identify is None or not key:
        return caller_of(scope)
    return read_caller(identify(key))
