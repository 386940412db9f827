"""One registry of services per warm function: by type and by name, lazy, once, closable.

A context's ``wiring.py`` declares factories; a factory imports what it builds inside its body, so
that a function loads only the modules its endpoint needs:

    @provides
    def place_order(services: Services) -> "PlaceOrderHandler":
        from shared.orders.use_cases.place_order import PlaceOrderHandler
        return PlaceOrderHandler(...)

The return annotation is the type key, the function's name the name key. One factory asks for
what another provides by naming it, so that the result is typed: `services.get(orders_pager)`.

What this function stands on may be registered with a ping, by which health checks ask it:

    services.register("orders-table", orders_table, ping=Table.answers)
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from types import ModuleType
from typing import Any, TypeVar, cast, overload

from shared.platform.runtime.errors import ConfigurationError

T = TypeVar("T")
Factory = Callable[["Services"], Any]
Ping = Callable[[], object]
"""Asks one service whether it is well; raises whatever it likes if there is no good answer."""


class Services:
    """Builds each service on first use and keeps it until `close`."""

    def __init__(self) -> None:
        self._factories: dict[str, Factory] = {}
        self._types: dict[str, str] = {}
        self._pings: dict[str, Callable[[Any], object]] = {}
        self._built: dict[str, Any] = {}
        self._building: list[str] = []

    def provides(self, factory: Callable[["Services"], T]) -> Callable[["Services"], T]:
        """Register *factory* under its name and its return type; a second claim is an error."""
        name, kind = factory.__name__, _type_name(factory)
        if kind in self._types:
            raise _twice(name, kind)
        self.register(name, factory)
        if kind:
            self._types[kind] = name
        return factory

    def register(
        self,
        name: str,
        factory: Callable[["Services"], T | None],
        *,
        ping: Callable[[T], object] | None = None,
    ) -> None:
        """Register *factory* under *name* alone; *ping* asks what it builds whether it is well.

        A factory may return ``None`` for what is not configured here.
        """
        if name in self._factories:
            raise _twice(name)
        self._factories[name] = factory
        if ping is not None:
            self._pings[name] = ping

    def pings(self) -> Mapping[str, Ping]:
        """Build every service that has a ping; return the pings of those that are configured.

        They come in the order of registration, and may be called from any thread.
        """
        built = {name: self.get(name) for name in self._pings}
        return {
            name: partial(self._pings[name], service)
            for name, service in built.items()
            if service is not None
        }

    @overload
    def get(self, service: type[T]) -> T: ...
    @overload
    def get(self, service: Callable[["Services"], T]) -> T: ...
    @overload
    def get(self, service: str) -> Any: ...
    def get(self, service: type[T] | Callable[["Services"], T] | str) -> T | Any:
        """Return the one instance of *service*: its type, the factory that provides it, its name.

        Both the type and the factory tell the type checker what comes.

        `ConfigurationError` names the chain when a service is missing or needs itself.
        """
        wanted = service if isinstance(service, str) else service.__name__
        name = wanted if isinstance(service, str) else self._types.get(wanted, wanted)
        if name in self._built:
            return cast("T", self._built[name])
        chain = " → ".join([*self._building, name])
        if name in self._building:
            msg = f"circular services: {chain}"
            raise ConfigurationError(msg)
        if name not in self._factories:
            msg = f"no service is registered as {wanted} ({chain})"
            raise ConfigurationError(msg)
        self._building.append(name)
        try:
            self._built[name] = self._factories[name](self)
        finally:
            self._building.pop()
        return cast("T", self._built[name])

    def override(self, service: type[T] | str, instance: T) -> None:
        """Answer with *instance* from now on: the one line a test needs."""
        wanted = service if isinstance(service, str) else service.__name__
        self._built[self._types.get(wanted, wanted)] = instance

    def check(self) -> int:
        """Build everything registered, to find a missing or circular one; return how many."""
        for name in [*self._factories]:  # building one may register another
            self.get(name)
        return len(self._factories)

    def close(self) -> None:
        """Close, newest first, every service that has a ``close``, and forget them all."""
        with ExitStack() as closing:  # one that fails to close does not keep the others open
            for instance in self._built.values():
                close = getattr(instance, "close", None)
                if callable(close):
                    closing.callback(close)
            self._built.clear()


def _twice(name: str, kind: str = "") -> ConfigurationError:
    of_type = f" ({kind})" if kind else ""
    return ConfigurationError(f"service {name}{of_type} is registered twice")


def _type_name(factory: Factory) -> str:
    annotation = factory.__annotations__.get("return", "")
    name = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    return name.partition("[")[0].rpartition(".")[2]


services = Services()
"""The registry of this function."""

provides = services.provides


def context_of(wiring: ModuleType | str) -> str:
    """Return the context whose services *wiring* registers (``shared.<context>.wiring``).

    What has no services to register gives the context's name itself.
    """
    return wiring if isinstance(wiring, str) else wiring.__name__.split(".")[-2]


def get_service(service: type[T]) -> T:
    """Return the one instance of *service* in this function."""
    return services.get(service)
