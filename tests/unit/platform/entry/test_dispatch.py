"""The bus: one handler for each message, found by its class."""

from dataclasses import dataclass
from typing import Any

import pytest

from shared.inventory.use_cases.adjust_stock import AdjustStock
from shared.kernel.errors import ValidationFailed
from shared.platform.entry.dispatch import MessageBus, messages_of
from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.services import Services
from tools.operate.send import bus_of, contexts, handlers_of

pytestmark = pytest.mark.row("CQR-01")


@dataclass(frozen=True)
class Greet:
    name: str


@dataclass(frozen=True)
class Part:
    name: str


class GreetHandler:
    def __call__(self, command: Greet) -> str:
        return f"hello {command.name}"


class BothHandler:
    def __call__(self, command: Greet | Part) -> str:
        return type(command).__name__


class SilentHandler:
    def __call__(self, command) -> None: ...


@pytest.fixture
def bus() -> MessageBus:
    services = Services()

    def greet(_: Services) -> GreetHandler:
        return GreetHandler()

    def both(_: Services) -> BothHandler:
        return BothHandler()

    services.provides(greet)
    services.provides(both)
    return MessageBus(services)


def test_a_message_finds_its_handler(bus: MessageBus) -> None:
    bus.register(GreetHandler)
    bus.register(GreetHandler)
    assert bus.send(Greet("Ada")) == "hello Ada"
    with pytest.raises(ConfigurationError, match="nobody handles Part"):
        bus.send(Part("Ada"))


def test_a_handler_of_two_messages_takes_both(bus: MessageBus) -> None:
    bus.register(BothHandler)
    assert [bus.send(Greet("a")), bus.send(Part("b"))] == ["Greet", "Part"]


def test_a_second_claim_and_a_handler_of_nothing_are_errors(bus: MessageBus) -> None:
    bus.register(GreetHandler)
    with pytest.raises(ConfigurationError, match="Greet has two handlers: GreetHandler, Both"):
        bus.register(BothHandler)
    with pytest.raises(ConfigurationError, match="SilentHandler does not say"):
        bus.register(SilentHandler)


@pytest.mark.parametrize("context", contexts())
def test_every_use_case_is_a_message_with_one_handler(context: str) -> None:
    bus = bus_of(context)
    handlers = list(handlers_of(context))
    messages = [message for handler in handlers for message in messages_of(handler)]
    assert len(set(messages)) == len(messages) == len(list(bus.messages)) > 0


def test_there_are_contexts_to_look_at() -> None:
    assert len(contexts()) >= 7


def test_a_message_is_checked_at_construction() -> None:
    kinds: list[Any] = [message.__name__ for message in bus_of("inventory").messages]
    assert "AdjustStock" in kinds
    with pytest.raises(ValidationFailed):
        AdjustStock(product_id="p", quantity=0, reason="x", confidential_too=True)
