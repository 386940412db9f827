from datetime import UTC, datetime

import pytest

from shared.kernel.clock import SystemClock
from shared.kernel.email import Email
from shared.kernel.errors import StaleAggregate
from shared.kernel.ids import new_id
from shared.kernel.paging import PageRequest
from shared.notifications.adapters.notification_reader import DynamoNotificationReader
from shared.notifications.adapters.unit_of_work import DynamoNotificationsUnitOfWork
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.large_order import LargeOrder
from shared.notifications.domain.notification import Kind, Notification, Text
from shared.notifications.domain.occasions import OrderCancelled, OrderMoment
from shared.notifications.ports import Known
from shared.notifications.queries.list_my_notifications import (
    ListMyNotifications,
    ListMyNotificationsHandler,
)
from shared.notifications.use_cases.notify import Notify, NotifyHandler, Registration
from shared.platform.dynamodb.cursors import CursorCodec, InvalidCursor
from shared.platform.dynamodb.markers import EventAlreadyHandled
from shared.platform.dynamodb.paging import Pager
from shared.platform.runtime.context import Inbox, request_context
from tests.support.aws_calls import counted_calls
from tests.unit.notifications.fakes import Letterbox
from tools.lab.support.tables import Table

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def uow_on(table: Table) -> DynamoNotificationsUnitOfWork:
    return DynamoNotificationsUnitOfWork(table.client, table.name)


def new_notification(
    id_: str = "event-1", *, user_id: str = "user-1", subject: str = "Hello"
) -> Notification:
    return Notification.due(
        id_,
        user_id=user_id,
        kind=Kind.WELCOME,
        text=Text(subject=subject, body="Grüße\n"),
        channels=["email"],
        now=NOW,
    )


def test_contact_and_notification_come_back_as_they_were_stored(table: Table) -> None:
    contact = Contact.record("user-1", name="Zoë", email=Email("Zoe@Example.com"))
    notification = new_notification()
    notification.begin(now=NOW)
    with uow_on(table) as uow:
        uow.save_contact(contact)
        uow.save(notification)
        uow.note_told(OrderMoment(order_id="order-1", version=4))
        uow.commit()
    with counted_calls() as calls:
        loaded = uow_on(table).load(
            user_id="user-1", notification_id="event-1", order_id="order-1"
        )
    found, known = loaded.contact, loaded.notification
    assert loaded.told == 4
    assert calls.dynamodb == {"BatchGetItem": 1}
    assert found is not None
    assert known is not None
    assert (found.name, found.email.address, found.version) == ("Zoë", "Zoe@example.com", 1)
    assert (known.text, known.deliveries, known.version) == (
        notification.text,
        notification.deliveries,
        1,
    )
    nothing = Known(contact=None, notification=None)
    assert uow_on(table).load(user_id="user-2", notification_id="event-2") == nothing


@pytest.mark.parametrize(("version", "later"), [(3, False), (4, True), (5, True)])
def test_what_was_told_of_an_order_only_moves_on(table: Table, version: int, later: bool) -> None:
    def note(version: int) -> None:
        with uow_on(table) as uow:
            uow.note_told(OrderMoment(order_id="order-1", version=version))
            uow.commit()

    note(4)
    if later:
        note(version)
    else:
        with pytest.raises(StaleAggregate):
            note(version)
    loaded = uow_on(table).load(user_id="u", notification_id="e", order_id="order-1")
    assert loaded.told == max(4, version)


def test_what_an_earlier_release_stored_is_over(table: Table) -> None:
    notification = new_notification()
    notification.begin(now=NOW)
    with uow_on(table) as uow:
        uow.save(notification)
        uow.large_orders.save(begun(LargeOrder("order-1", customer_id="user-1")))
        uow.commit()
    stored = table.get("Notification#event-1", "STATE")
    assert stored is not None
    old = [{"channel": "email", "status": "failed"}, {"channel": "log", "status": "sent"}]
    table.put(stored | {"channels": old})
    stored = table.get("LargeOrder#order-1", "STATE")
    assert stored is not None
    del stored["delivery"]
    table.put(stored)
    known = uow_on(table).load(user_id="user-1", notification_id="event-1").notification
    assert known is not None
    assert known.is_over
    assert known.begin(now=NOW) == []
    order, _ = uow_on(table).large_orders.load("order-1")
    assert order is not None
    assert not order.begin(now=NOW)


def begun(order: LargeOrder) -> LargeOrder:
    assert order.begin(now=NOW)
    return order


def test_what_came_to_nothing_is_listed_by_time(table: Table) -> None:
    notification = new_notification()
    notification.begin(now=NOW)
    with uow_on(table) as uow:
        uow.save(notification)
        uow.checkpoint()
        assert table.items("UNDELIVERED#") == []
        notification.failed("email", "InvalidParameterValue")
        notification.conclude()
        uow.save(notification)
        uow.commit()
    (listed,) = table.items("UNDELIVERED#")
    assert (listed["GSI1PK"], listed["id"], listed["status"]) == (
        "UNDELIVERED",
        "event-1",
        "failed",
    )
    assert "Hello" not in str(listed)


@pytest.mark.row("EVT-04")
def test_a_consumer_reads_once_writes_once_and_sends_once(table: Table) -> None:
    email = Letterbox("email")
    handler = NotifyHandler(uow=uow_on(table), channels=[email], clock=SystemClock())
    command = Notify(
        event_id="event-1",
        user_id="user-1",
        occasion=OrderCancelled(order_id="order-1", by=None, paid=False),
        registration=Registration(name="Ada", email=Email("ada@example.com")),
    )
    with request_context(inbox=Inbox(consumer="notify", event_id="event-1")):
        with counted_calls() as calls:
            handler(command)
        assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 2}
        with pytest.raises(EventAlreadyHandled):
            handler(command)
    assert len(email.received) == 1


@pytest.mark.row("PAG-01")
def test_a_page_is_one_query_of_the_users_own(table: Table) -> None:
    mine = [new_id() for _ in range(5)]
    for id_, user in [*((id_, "user-1") for id_ in mine), (new_id(), "user-2")]:
        with uow_on(table) as uow:
            notification = new_notification(id_, user_id=user, subject=id_)
            notification.begin(now=SystemClock().now())
            uow.save(notification)
            uow.commit()
    pager = Pager(table.client, table.name, CursorCodec(lambda: ["secret"]))
    listing = ListMyNotificationsHandler(notifications=DynamoNotificationReader(pager))
    with counted_calls() as calls:
        first = listing(page_of("user-1"))
    assert calls.dynamodb == {"Query": 1}
    second = listing(page_of("user-1", first.next_cursor))
    third = listing(page_of("user-1", second.next_cursor))
    seen = [view.id for page in (first, second, third) for view in page.items]
    assert sorted(seen) == sorted(mine)
    times = [view.created_at for page in (first, second, third) for view in page.items]
    assert times == sorted(times, reverse=True)
    assert third.next_cursor is None
    with pytest.raises(InvalidCursor):
        listing(
            ListMyNotifications(
                user_id="user-2", page=PageRequest(limit=2, cursor=first.next_cursor)
            )
        )


def page_of(user_id: str, cursor: str | None = None) -> ListMyNotifications:
    return ListMyNotifications(user_id=user_id, page=PageRequest(limit=2, cursor=cursor))
