"""Puts the product on virtual time, virtual chance and a virtual AWS, and takes it off again.

The product's code is not changed and not copied: in its modules, the names that lead to the
outside (``time``, ``os``, ``random`` …) and to what a process keeps for itself (``settings``,
``metrics``, the logger, the reader of the service's secret) are bound to stand-ins that ask which
container runs. Default arguments are bound anew for the same reason: ``sleep=time.sleep``.
"""

import asyncio
import gc
import importlib
import logging
import os
import pkgutil
import random
import secrets
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

from botocore.client import BaseClient

from shared.kernel.clock import SystemClock
from tools.entry.workers import Workers
from tools.lab.simulation.world import inline, silence, virtual
from tools.lab.simulation.world.calls import intercepted
from tools.lab.simulation.world.containers import Function, load
from tools.lab.simulation.world.state import state
from tools.lab.simulation.world.tasks import close_loops
from tools.lab.simulation.world.templates import FunctionSpec, deployed

_PACKAGES = (
    "kernel",
    "platform",
    *sorted({spec.context for spec in deployed().functions.values()}),
)
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "simulated",
    "AWS_SECRET_ACCESS_KEY": "simulated",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_TRACE_DISABLED": "true",
}


class Installation:
    """The product, ready to be simulated: its functions by name."""

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}
        self.loop = asyncio.new_event_loop()
        self._undo: list[Callable[[], None]] = []
        self._stand_ins: dict[int, Any] = {}

    def install(self) -> None:
        """Bind everything; loads each function's handler once."""
        for name in _modules():
            importlib.import_module(name)
        before = {name: os.environ.get(name) for name in _ENVIRONMENT}
        os.environ.update(_ENVIRONMENT)
        self._undo.append(partial(_restore_environment, before))
        send = BaseClient._make_api_call  # type: ignore[attr-defined]
        self._set(BaseClient, "_make_api_call", intercepted(send))
        mangum = logging.getLogger("mangum.http")
        self._undo.append(partial(setattr, mangum, "disabled", mangum.disabled))
        mangum.disabled = True  # it writes a stack trace for every container that is killed
        self._set_up_loop()
        self._set(SystemClock, "now", virtual.now)
        self._stand_ins = _stand_ins()
        self._bind("shared.")
        for spec in deployed().functions.values():
            self._load(spec, load)
        from tools.lab.simulation.world import tools  # noqa: PLC0415  # over what is bound by now
        from tools.operate import rebuild  # noqa: PLC0415  # as above

        self._bind_module(rebuild)
        for spec, module in tools.tools():
            self._load(spec, partial(_loaded, module))

    def _set_up_loop(self) -> None:
        """Set the event loop that the handlers' warm-ups run on, and what comes between runs."""
        asyncio.set_event_loop(self.loop)
        self._undo.append(self.loop.close)
        self._undo.append(partial(asyncio.set_event_loop, None))

    def uninstall(self) -> None:
        """Leave the product as it was found."""
        while self._undo:
            self._undo.pop()()
        close_loops()
        self.functions.clear()

    def _load(self, spec: FunctionSpec, code: Callable[[FunctionSpec], Any]) -> None:
        from shared.platform.runtime.services import services  # noqa: PLC0415  # bound by now
        from shared.platform.runtime.settings import Settings  # noqa: PLC0415
        from shared.platform.runtime.settings import load as read  # noqa: PLC0415
        from tools.lab.simulation.world.containers import Container  # noqa: PLC0415

        environment = {**_ENVIRONMENT, **spec.environment}
        function = Function(spec, environment, read(Settings, environment))
        built, building = services._built, services._building
        Container(function, 0).enter()
        try:
            function.module = code(spec)
        finally:
            state.container = None
            services._built, services._building = built, building
        if isinstance(function.module, ModuleType):
            self._bind_module(function.module)
        self.functions[spec.name] = function

    def _bind(self, prefix: str) -> None:
        for name in sorted(sys.modules):
            if name.startswith(prefix):
                self._bind_module(sys.modules[name])

    def _bind_module(self, module: ModuleType) -> None:
        for name, value in list(vars(module).items()):
            if id(value) in self._stand_ins:
                self._set(module, name, self._stand_ins[id(value)])
            for function in _functions(value, module.__name__):
                self._bind_defaults(function)

    def _bind_defaults(self, function: FunctionType) -> None:
        options = function.__kwdefaults__ or {}
        if any(id(value) in self._stand_ins for value in options.values()):
            bound = {name: self._stand_ins.get(id(v), v) for name, v in options.items()}
            self._set(function, "__kwdefaults__", bound)
        values = function.__defaults__ or ()
        if any(id(value) in self._stand_ins for value in values):
            self._set(
                function, "__defaults__", tuple(self._stand_ins.get(id(v), v) for v in values)
            )

    def _set(self, owner: Any, name: str, value: Any) -> None:
        self._undo.append(partial(setattr, owner, name, getattr(owner, name)))
        setattr(owner, name, value)


def _stand_ins() -> dict[int, Any]:
    """Return, by the identity of what the product uses, what it is to use instead."""
    from shared.identity.adapters.common_passwords import ZxcvbnPasswords  # noqa: PLC0415
    from shared.platform.aws import secrets as kept  # noqa: PLC0415
    from shared.platform.runtime import settings, snapshot  # noqa: PLC0415  # after virtual time
    from shared.platform.telemetry import logging, metrics  # noqa: PLC0415  # after the virtual time

    pairs: list[tuple[Any, Any]] = [
        (time, virtual.TIME),
        (time.time, virtual.wall),
        (time.time_ns, virtual.TIME.time_ns),
        (time.monotonic, virtual.monotonic),
        (time.perf_counter, virtual.monotonic),
        (snapshot.monotonic, virtual.monotonic),
        (time.sleep, virtual.sleep),
        (random, virtual.RANDOM),
        (random.random, virtual.RANDOM.random),
        (random.uniform, virtual.RANDOM.uniform),
        (os, virtual.OS),
        (os.urandom, virtual.urandom),
        (os.environ, virtual.OS.environ),
        (secrets, virtual.SECRETS),
        (signal, virtual.SIGNAL),
        (threading, virtual.THREADING),
        (ThreadPoolExecutor, inline.Pool),
        (Workers, inline.Pool),
        (sys, silence.SYS),
        (traceback, silence.TRACEBACK),
        (ZxcvbnPasswords, silence.once(ZxcvbnPasswords)),
        (settings.settings, silence.own_settings),
        (logging.get_logger, silence.get_logger),
        (metrics.metrics, silence.UNMETERED),
        (kept.service_secret, silence.own_secret),
    ]
    return {id(real): stand_in for real, stand_in in pairs}


def _modules() -> Iterator[str]:
    for package in _PACKAGES:
        root = importlib.import_module(f"shared.{package}")
        yield root.__name__
        for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            yield found.name


def _functions(value: Any, module: str) -> Iterator[FunctionType]:
    """Yield *value* if it is a function of *module*, or the methods if it is a class of it."""
    if getattr(value, "__module__", None) != module:
        return
    if isinstance(value, FunctionType):
        yield value
    elif isinstance(value, type):
        for member in list(vars(value).values()):  # looking at pydantic's may build them
            plain = getattr(member, "__func__", member)
            if isinstance(plain, FunctionType):
                yield plain


def _restore_environment(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


_installed: list[Installation] = []


def install() -> Installation:
    """Return the installation of this process; the first call makes it."""
    if not _installed:
        made = Installation()
        made.install()
        gc.collect()
        gc.freeze()  # what the product's modules hold is not looked through at every collection
        _installed.append(made)
    return _installed[0]


def uninstall() -> None:
    """Leave this process as it was before `install`."""
    if _installed:
        _installed.pop().uninstall()
        gc.unfreeze()


def _loaded(module: Any, _: FunctionSpec) -> Any:
    """Return code that is there already: the tools of operators."""
    return module
