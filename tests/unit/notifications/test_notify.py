import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.clock import FixedClock
from shared.kernel.email import Email
from shared.kernel.errors import NotYet
from shared.kernel.money import Money
from shared.notifications.domain.errors import ContactUnknown
from shared.notifications.domain.notification import Kind
from shared.notifications.domain.occasions import (
    OrderCancelled,
    OrderCompleted,
    OrderMoment,
    Welcome,
)
from shared.notifications.ports import DeliveryFailed, DeliveryImpossible, DeliveryUnclear
from shared.notifications.use_cases.notify import Notify, NotifyHandler, Registration
from tests.support.fakes.database import Database
from tests.unit.notifications.fakes import Letterbox, NotificationsInMemory

WELCOME = Notify(
    event_id="event-1",
    user_id="user-1",
    occasion=Welcome(),
    registration=Registration(name="Ada", email=Email("ada@example.com")),
)
REGISTERED = dataclasses.replace(WELCOME, event_id="event-0")
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
        self.clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.email, self.log = Letterbox("email"), Letterbox("log")

    def notify(self, command: Notify) -> None:
        handler = NotifyHandler(
            uow=NotificationsInMemory(self.database, self.told),
            channels=(self.email, self.log),
            clock=self.clock,
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
    assert world.database.event_types == [
        "contact.recorded",
        "notification.attempted",
        "notification.sent",
    ]
    ((address, kind, text),) = world.email.received
    assert (address, kind, text.subject) == ("ada@example.com", "welcome", "Welcome to Tradewind")


def test_a_customer_is_told_on_every_channel(world: World) -> None:
    world.notify(WELCOME)
    world.notify(COMPLETED)
    assert world.email.received[-1] == world.log.received[-1]
    assert world.deliveries("event-2") == [("email", "sent"), ("log", "sent")]


def test_what_a_mailbox_has_no_room_for_is_on_record_and_never_sent(world: World) -> None:
    world.email.room = 0
    world.notify(WELCOME)
    world.email.room = 1
    world.notify(WELCOME)
    assert world.email.received == []
    assert world.deliveries("event-1") == [("email", "failed"), ("log", "sent")]
    assert "notification.undelivered" in world.database.event_types


def test_another_attempt_at_a_mail_takes_no_more_room(world: World) -> None:
    world.email.room = 1
    world.email.raises = DeliveryFailed("throttled")
    with pytest.raises(DeliveryFailed):
        world.notify(WELCOME)
    world.email.raises = None
    world.notify(WELCOME)
    assert len(world.email.received) == 1
    assert world.deliveries("event-1") == [("email", "sent"), ("log", "sent")]


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


def test_what_waits_is_withdrawn_when_its_customer_knows_better(world: World) -> None:
    done = dataclasses.replace(COMPLETED, moment=OrderMoment(order_id="order-1", version=4))
    world.notify(WELCOME)
    world.email.raises = DeliveryFailed("Throttling")
    with pytest.raises(DeliveryFailed):
        world.notify(done)
    world.email.raises = None
    world.notify(CANCELLED)
    world.notify(done)
    assert [kind for _, kind, _ in world.email.received] == ["welcome", "order_cancelled"]
    assert world.deliveries("event-2")[0] == ("email", "withdrawn")
    world.notify(done)
    assert len(world.email.received) == 2


def test_what_is_under_way_is_waited_for_before_it_is_withdrawn(world: World) -> None:
    done = dataclasses.replace(COMPLETED, moment=OrderMoment(order_id="order-1", version=4))
    world.notify(WELCOME)
    world.email.raises, world.email.keeps = DeliveryUnclear("ReadTimeoutError"), True
    with pytest.raises(DeliveryUnclear):
        world.notify(done)
    world.email.raises = None
    world.notify(CANCELLED)
    with pytest.raises(NotYet):
        world.notify(done)
    world.clock.advance(timedelta(minutes=15))
    world.notify(done)
    assert [kind for _, kind, _ in world.email.received] == [
        "welcome",
        "order_completed",
        "order_cancelled",
    ]
    assert world.deliveries("event-2")[0] == ("email", "withdrawn")


def test_what_is_on_record_is_not_sent_again(world: World) -> None:
    for command in (WELCOME, COMPLETED, COMPLETED, WELCOME):
        world.notify(command)
    assert len(world.email.received) == 2
    assert world.database.event_types.count("notification.sent") == 2


class Died(BaseException):
    """The function dies at the call: no line of ours runs any more."""


def test_one_channel_refusing_does_not_stop_the_other(world: World) -> None:
    world.email.raises = DeliveryFailed("Throttling")
    with pytest.raises(DeliveryFailed):
        world.notify(WELCOME)
    assert world.deliveries("event-1") == [("email", "due"), ("log", "sent")]
    assert len(world.log.received) == 1


@pytest.mark.parametrize("command", [WELCOME, COMPLETED])
def test_what_is_refused_is_tried_until_it_is_taken(world: World, command: Notify) -> None:
    world.notify(REGISTERED)
    world.email.raises = DeliveryFailed("Throttling")
    for _ in range(20):  # an outage, the dead letters, and put back from there
        with pytest.raises(DeliveryFailed):
            world.notify(command)
    world.email.raises = None
    world.notify(command)
    world.notify(command)
    assert world.deliveries(command.event_id) == [("email", "sent"), ("log", "sent")]
    assert len(world.email.received) == 2
    assert len(world.log.received) == 2


def test_an_address_that_cannot_exist_is_final_and_listed(world: World) -> None:
    world.email.raises = DeliveryImpossible("InvalidParameterValue")
    world.notify(WELCOME)
    world.notify(WELCOME)
    assert world.deliveries("event-1") == [("email", "failed"), ("log", "sent")]
    undelivered, sent = world.database.events[-2:]
    assert (undelivered.type, undelivered.data["status"], undelivered.data["reason"]) == (
        "notification.undelivered",
        "failed",
        "InvalidParameterValue",
    )
    assert sent.data["channels"][0] == {"channel": "email", "status": "failed"}


@pytest.mark.parametrize("end", [Died(), DeliveryUnclear("ReadTimeoutError")])
@pytest.mark.parametrize("taken", [True, False])
class TestAnEndThatNobodyKnows:
    def lose(self, world: World, command: Notify, end: BaseException, *, taken: bool) -> None:
        world.notify(REGISTERED)
        world.email.received.clear()
        world.email.raises, world.email.keeps = end, taken
        with pytest.raises(type(end)):
            world.notify(command)
        world.email.raises = None
        with pytest.raises(NotYet) as early:
            world.notify(command)
        assert early.value.seconds == 900
        world.clock.advance(timedelta(minutes=15))

    def test_what_must_arrive_is_sent_again_under_the_same_reference(
        self, world: World, end: BaseException, *, taken: bool
    ) -> None:
        self.lose(world, COMPLETED, end, taken=taken)
        world.notify(COMPLETED)
        assert len(world.email.received) == 1 + taken
        assert len(set(world.email.references[1:])) == 1
        assert world.deliveries("event-2") == [("email", "sent"), ("log", "sent")]

    def test_what_must_not_repeat_is_marked_unknown_and_listed(
        self, world: World, end: BaseException, *, taken: bool
    ) -> None:
        self.lose(world, WELCOME, end, taken=taken)
        world.notify(WELCOME)
        assert len(world.email.received) == taken
        assert world.deliveries("event-1")[0] == ("email", "unknown")
        undelivered = [
            event.data["status"]
            for event in world.database.events
            if event.type == "notification.undelivered" and event.data["channel"] == "email"
        ]
        assert undelivered == ["unknown"]


def test_two_deliveries_at_once_send_once(world: World) -> None:
    """The second finds the first one's intent, and is told to come back."""
    world.notify(REGISTERED)

    class Meanwhile(Letterbox):
        def send(self, *args: object, **known: object) -> None:
            self.raises = None
            with pytest.raises(NotYet):
                world.notify(COMPLETED)
            super().send(*args, **known)  # type: ignore[arg-type]

    world.email = Meanwhile("email")
    world.notify(COMPLETED)
    assert len(world.email.received) == 1


def test_every_kind_says_what_it_promises() -> None:
    assert {str(kind): str(kind.promise) for kind in Kind} == {
        "welcome": "must_not_repeat",
        "order_completed": "must_arrive",
        "order_failed": "must_arrive",
        "order_cancelled": "must_arrive",
        "large_order": "must_arrive",
    }


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
