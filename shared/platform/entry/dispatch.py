"""One way to carry out any command or query: the bus finds the handler by the message's class.

    bus = MessageBus(services)
    bus.register(GetCustomerSummaryHandler)
    bus.send(GetCustomerSummary(customer_id=…, …))

A function knows its one handler and asks the registry for it; the bus is for those that do not
know beforehand: tools, tests, compositions of many use cases in one process.
"""

from collections.abc import Iterable
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.services import Services


def messages_of(handler: type[Any]) -> tuple[type[Any], ...]:
    """Return the commands or queries that *handler* takes: the first argument of its call."""
    hints = get_type_hints(handler.__call__)
    hints.pop("return", None)
    first = next(iter(hints.values()), None)
    kinds = get_args(first) if get_origin(first) in (Union, UnionType) else (first,)
    if not kinds or not all(isinstance(kind, type) for kind in kinds):
        raise ConfigurationError(f"{handler.__name__} does not say what it handles")
    return kinds


class MessageBus:
    """Maps each command or query class to its one handler."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._handlers: dict[type[Any], type[Any]] = {}

    def register(self, *handlers: type[Any]) -> None:
        """Have *handlers* carry out what they take; `ConfigurationError` for a second claim."""
        for handler in handlers:
            for message in messages_of(handler):
                known = self._handlers.setdefault(message, handler)
                if known is not handler:
                    text = f"{message.__name__} has two handlers"
                    raise ConfigurationError(f"{text}: {known.__name__}, {handler.__name__}")

    def send(self, message: Any) -> Any:
        """Return what the handler of *message* makes of it; the handler is built when needed."""
        handler = self._handlers.get(type(message))
        if handler is None:
            raise ConfigurationError(f"nobody handles {type(message).__name__}")
        return self._services.get(handler)(message)

    @property
    def messages(self) -> Iterable[type[Any]]:
        """Every class that can be sent."""
        return self._handlers.keys()
