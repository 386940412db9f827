import dataclasses

import pytest

from shared.kernel.clock import SystemClock
from shared.kernel.email import Email
from shared.kernel.money import Money
from shared.notifications.domain.errors import ContactUnknown
from shared.notifications.domain.occasions import (
    OrderCancelled,
    OrderCompleted,
    OrderMoment,
    Welcome,
)
from shared.notifications.use_cases.notify import Notify, NotifyHandler, Registration
from tests.support.fakes.database import Database
from tests.unit.notifications.fakes import Letterbox, NotificationsInMemory

WELCOME = Notify(
    event_id="event-1",
    user_id="user-1",
    occasion=Welcome(),
    registration=Registration(name="Ada", email=Email("ada@example.com")),
)
COMPLETED = Notify(
    event_id="event-2",
    user_id="user-1",
    occasion=OrderCompleted(order_id="order-1", total=Money(5990, "EUR")),
)


class World:
    """The use case over two letterboxes."""

    def __init__(self) -> None:
        self.database = Database()
        self.told: dict[str, int] = {}
        self.email, self.log = Letterbox("email"), Letterbox("log")

    def notify(self, command: Notify) -> None:
        handler = NotifyHandler(
            uow=NotificationsInMemory(self.database, self.told),
            channels=(self.email, self.log),
            clock=SystemClock(),
        )
        handler(command)

    def deliveries(self, event_id: str) -> list[tuple[str, str]]:
        """Return the channels of a notification and what became of it there."""
        notification = self.database.states["Notification", event_id]
        return [(each.channel, str(each.status)) for each in notification.deliveries]  # type: ignore[attr-defined]


@pytest.fixture
def world() -> World:
    return World()


def test_a_new_user_is_remembered_and_welcomed(world: World) -> None:
    world.notify(WELCOME)
    assert world.database.event_types == ["contact.recorded", "notification.sent"]
    ((address, kind, text),) = world.email.received
    assert (address, kind, text.subject) == ("ada@example.com", "welcome", "Welcome to Tradewind")


def test_a_customer_is_told_on_every_channel(world: World) -> None:
    world.notify(WELCOME)
    world.notify(COMPLETED)
    assert world.email.received[-1] == world.log.received[-1]
    assert world.deliveries("event-2") == [("email", "sent"), ("log", "sent")]


CANCELLED = Notify(
    event_id="event-3",
    user_id="user-1",
    occasion=OrderCancelled(order_id="order-1", by="customer", paid=True),
    moment=OrderMoment(order_id="order-1", version=5),
)


@pytest.mark.parametrize(("order", "told"), [("order-1", False), ("order-2", True)])
def test_what_an_order_was_is_not_told_once_its_customer_knows_what_it_is(
    world: World, order: str, told: bool
) -> None:
    done = dataclasses.replace(COMPLETED, moment=OrderMoment(order_id=order, version=4))
    for command in (WELCOME, CANCELLED, done, done):
        world.notify(command)
    kinds = [kind for _, kind, _ in world.email.received]
    assert kinds == ["welcome", "order_cancelled", *(["order_completed"] if told else [])]
    assert ("Notification", "event-2") in world.database.states or not told


def test_in_their_order_all_is_told(world: World) -> None:
    done = dataclasses.replace(COMPLETED, moment=OrderMoment(order_id="order-1", version=4))
    for command in (WELCOME, done, CANCELLED, done):
        world.notify(command)
    kinds = [kind for _, kind, _ in world.email.received]
    assert kinds == ["welcome", "order_completed", "order_cancelled"]


def test_what_is_on_record_is_not_sent_again(world: World) -> None:
    for command in (WELCOME, COMPLETED, COMPLETED, WELCOME):
        world.notify(command)
    assert len(world.email.received) == 2
    assert world.database.event_types.count("notification.sent") == 2


def test_one_channel_failing_does_not_stop_the_other(world: World) -> None:
    world.email.works = False
    world.notify(WELCOME)
    assert world.deliveries("event-1") == [("email", "failed"), ("log", "sent")]
    assert len(world.log.received) == 1


def test_news_that_arrive_before_the_registration_wait_for_it(world: World) -> None:
    with pytest.raises(ContactUnknown):
        world.notify(COMPLETED)
    assert (world.email.received, world.database.states) == ([], {})
    world.notify(WELCOME)
    world.notify(COMPLETED)
    assert [kind for _, kind, _ in world.email.received] == ["welcome", "order_completed"]


def test_a_registration_repeated_as_another_event_changes_no_contact(world: World) -> None:
    world.notify(WELCOME)
    world.notify(dataclasses.replace(WELCOME, event_id="event-3"))
    assert world.database.event_types.count("contact.recorded") == 1


def test_events_say_nothing_that_is_private(world: World) -> None:
    world.notify(WELCOME)
    world.notify(COMPLETED)
    published = " ".join(str(event.data) for event in world.database.events)
    assert "ada" not in published.lower()
    assert "59.90" not in published
