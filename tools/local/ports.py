"""Ports are settled before anything starts, so that a taken one is said plainly and at once."""

import socket
from urllib.parse import urlsplit

from tools.local.errors import PortTaken
from tools.local.options import LOOPBACK


def settle_port(port: int, *, purpose: str, flag: str) -> int:
    """Return *port* if it is free on loopback, or a free one if it is 0; else `PortTaken`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: a port in TIME_WAIT after a restart is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError as error:
            raise PortTaken(
                f"Port {port} ({purpose}) is not yours to open: those below 1024 are the "
                f"system's. Choose another with {flag} N; {flag} 0 takes any free port."
            ) from error
        except OSError as error:
            raise PortTaken(
                f"Port {port} ({purpose}) is taken. Stop what uses it, or choose another with "
                f"{flag} N; {flag} 0 takes any free port."
            ) from error
        free: int = probe.getsockname()[1]
        return free


def is_open(url: str) -> bool:
    """Tell whether something takes connections at *url*."""
    where = urlsplit(url)
    try:
        socket.create_connection((where.hostname, where.port), timeout=5).close()
    except OSError:
        return False
    return True
