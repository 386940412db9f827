"""The world the tests run in: the same for everybody, with no way out to the network."""

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any
from unittest.mock import patch

FIXED = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_REGION": "eu-west-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "ENVIRONMENT": "test",
    "MOTO_ACCOUNT_ID": "000000000000",
    "SERVICE": "test",
    "TABLE_NAME": "test",
    "EVENT_BUS_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "Tradewind",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_TRACE_DISABLED": "true",
}
_HANDLER = re.compile(r"functions\.\w+\.\w+\.handler")
_SESSION = "_session"
_handlers: list[Any] = []
"""Those that the session in `shared.platform.aws.clients` was made with."""
_FORGOTTEN = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_LAMBDA_FUNCTION_NAME", "LOG_LEVEL")


def fix() -> None:
    """Replace what the developer's shell says about AWS, before anything reads it."""
    for name in [*os.environ]:
        if name in _FORGOTTEN or name.startswith("AWS_ENDPOINT_URL"):
            del os.environ[name]
    os.environ.update(FIXED)


@contextmanager
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            msg = f"a test tried to reach {address[0]}"
            raise PermissionError(msg)
        connect(self, address)

    with patch.object(socket.socket, "connect", guarded):
        yield


def _is_local(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def forget_cached() -> None:
    """Forget what the product keeps for the life of a warm function: settings, clients, services.

    Whatever it caches is found by looking; only modules that are loaded are touched, so a kernel
    test loads none of them. Its session of botocore stays, which reads the signatures of 130
    handlers when it is made, and is made again where these are others. Clients are made anew, and
    look up endpoints and regions.
    """
    now = list(getattr(sys.modules.get("botocore.handlers"), "BUILTIN_HANDLERS", ()))
    others = now != _handlers
    for name, module in [*sys.modules.items()]:
        if name.startswith("shared."):
            for kept in _caches(module):
                if others or kept.__name__ != _SESSION:
                    kept.cache_clear()
    _handlers[:] = now
    if "shared.platform.telemetry.metrics" in sys.modules:
        telemetry: Any = sys.modules["shared.platform.telemetry.metrics"]
        telemetry.metrics.clear_metrics()  # gauges are kept to the end of an invocation
        telemetry.metrics.provider = telemetry.EmfProvider()
    if "shared.platform.runtime.services" in sys.modules:
        sys.modules["shared.platform.runtime.services"].services.close()


@cache
def _caches(module: ModuleType) -> list[Any]:
    """Return the cached functions that *module* defines."""
    return [
        kept
        for kept in vars(module).values()
        if hasattr(kept, "cache_clear") and kept.__module__ == module.__name__
    ]


def forget_handlers() -> None:
    """Have the next test import its handlers anew: what they read when imported was another's."""
    for name in [*sys.modules]:
        if _HANDLER.fullmatch(name):
            del sys.modules[name]
