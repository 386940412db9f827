import pytest

from shared.kernel.clock import SystemClock
from shared.kernel.email import Email
from shared.kernel.errors import StaleAggregate
from shared.kernel.ids import new_id
from shared.kernel.paging import PageRequest
from shared.notifications.adapters.notification_reader import DynamoNotificationReader
from shared.notifications.adapters.unit_of_work import DynamoNotificationsUnitOfWork
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.notification import (
    Delivery,
    DeliveryStatus,
    Kind,
    Notification,
    Text,
)
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


def uow_on(table: Table) -> DynamoNotificationsUnitOfWork:
    return DynamoNotificationsUnitOfWork(table.client, table.name)


def test_contact_and_notification_come_back_as_they_were_stored(table: Table) -> None:
    clock = SystemClock()
    contact = Contact.record("user-1", name="Zoë", email=Email("Zoe@Example.com"))
    notification = Notification.sent(
        "event-1",
        user_id="user-1",
        kind=Kind.WELCOME,
        text=Text(subject="Hello", body="Grüße\n"),
        deliveries=[Delivery(channel="email", status=DeliveryStatus.FAILED)],
        now=clock.now(),
    )
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
        assert calls.dynamodb == {"BatchGetItem": 1, "TransactWriteItems": 1}
        with pytest.raises(EventAlreadyHandled):
            handler(command)
    assert len(email.received) == 1


@pytest.mark.row("PAG-01")
def test_a_page_is_one_query_of_the_users_own(table: Table) -> None:
    clock = SystemClock()
    mine = [new_id() for _ in range(5)]
    for id_, user in [*((id_, "user-1") for id_ in mine), (new_id(), "user-2")]:
        with uow_on(table) as uow:
            uow.save(
                Notification.sent(
                    id_,
                    user_id=user,
                    kind=Kind.WELCOME,
                    text=Text(subject=id_, body="Hello"),
                    deliveries=[Delivery(channel="log", status=DeliveryStatus.SENT)],
                    now=clock.now(),
                )
            )
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
