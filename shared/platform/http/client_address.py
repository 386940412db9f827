"""The client's address, from the only two sources that the client cannot forge.

API Gateway's own ``sourceIp``; or, for a request that came through the front door and proves it
with the secret origin header, the viewer address that the front door reports. Every other
forwarding header is the client's own claim and is ignored.
"""

from ipaddress import IPv6Address, ip_address

from starlette.types import Scope

from shared.platform.http.front_door import came_through
from shared.platform.http.middleware.asgi import header


def client_address(scope: Scope) -> str:
    """Return the address of whoever sent the request, as text."""
    if came_through(scope):
        viewer = header(scope, b"x-viewer-address")
        try:
            address = ip_address(viewer)
            mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
            return str(mapped or address)
        except ValueError:
            pass  # the front door always sends one; without it the gateway's word stands
    client = scope.get("client")
    return str(client[0]) if client else ""
