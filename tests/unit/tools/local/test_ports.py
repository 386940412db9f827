import socket

import pytest

from tools.local.errors import PortTaken
from tools.local.options import LOOPBACK
from tools.local.ports import settle_port


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(PortTaken) as caught:
            settle_port(port, purpose="front door", flag="--front-port")
    message = str(caught.value)
    assert f"Port {port} (front door) is taken" in message
    assert "--front-port 0" in message


def test_a_free_port_is_kept_and_zero_finds_one() -> None:
    free = settle_port(0, purpose="front door", flag="--front-port")
    assert free > 0
    assert settle_port(free, purpose="front door", flag="--front-port") == free
