"""Which names mean this machine and no other."""

from ipaddress import ip_address


def is_loopback(authority: str) -> bool:
    """Tell whether a ``Host`` header's value names this machine, as no foreign page can.

    A page whose own name resolves to 127.0.0.1 (DNS rebinding) sends that name here, and to the
    browser is of the same origin as what it then reads.
    """
    host = authority.lower()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    if host == "localhost" or host.endswith(".localhost"):  # never asked of DNS: RFC 6761 §6.3
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
