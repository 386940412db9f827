"""Who an address counts as: whoever has one address of a network usually has the rest of it.

A household or a server gets a /64 of IPv6, and any of its 2⁶⁴ addresses is free to take: limits by
the address alone limit nobody (RFC 6177; RIPE-690 §4.2 recommends a /48 or /56 for each customer).
"""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network

_NARROW = {4: 32, 6: 64}
_WIDE = {4: 24, 6: 48}
EVERYBODY = "everybody"


def counted_as(address: str) -> Mapping[str, str]:
    """Return how *address* is counted ``per`` ``ip``, ``network`` and ``all``.

    An IPv4 address that came as IPv6 (``::ffff:192.0.2.1``) is the IPv4 address. What is no
    address counts as one caller.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return {"ip": address, "network": address, "all": EVERYBODY}
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return {
        "ip": str(found) if found.version == 4 else _within(found, _NARROW),  # noqa: PLR2004
        "network": _within(found, _WIDE),
        "all": EVERYBODY,
    }


def _within(address: object, lengths: Mapping[int, int]) -> str:
    found = ip_address(str(address))
    return str(ip_network(f"{found}/{lengths[found.version]}", strict=False))
