"""Who an address counts as: whoever has one address of a network usually has the rest of it.

A household or a server gets a /64 of IPv6, and any of its 2⁶⁴ addresses is free to take: limits by
the address alone limit nobody (RFC 6177; RIPE-690 §4.2 recommends a /48 or /56 for each customer).
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NARROW = 64
_WIDE_4, _WIDE_6 = 24, 48
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
    if isinstance(found, IPv6Address):
        alone, network = _within(found, _NARROW), _within(found, _WIDE_6)
    else:
        alone, network = str(found), _within(found, _WIDE_4)
    return {"ip": alone, "network": network, "all": EVERYBODY}


def _within(address: IPv4Address | IPv6Address, length: int) -> str:
    return str(ip_network((address, length), strict=False))
