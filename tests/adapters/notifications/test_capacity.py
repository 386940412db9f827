"""What each use case costs, so that a change of it shows.

The figures are DynamoDB Local's, which counts less for a transaction than DynamoDB: there every
action costs 2 units for each KB begun of its item, and as much again for an index.
"""

import pytest

from shared.kernel.clock import SystemClock
from shared.kernel.email import Email
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.kernel.paging import PageRequest
from shared.notifications.adapters.notification_reader import DynamoNotificationReader
from shared.notifications.adapters.unit_of_work import DynamoNotificationsUnitOfWork
from shared.notifications.domain.occasions import OrderCompleted, Welcome
from shared.notifications.queries.list_my_notifications import (
    ListMyNotifications,
    ListMyNotificationsHandler,
)
from shared.notifications.use_cases.notify import Notify, NotifyHandler, Registration
from shared.platform.dynamodb.cursors import CursorCodec
from shared.platform.dynamodb.paging import Pager
from shared.platform.runtime.context import Inbox, request_context
from tests.support.aws_calls import counted_calls
from tests.unit.notifications.fakes import Letterbox
from tools.lab.support.tables import Table


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """Moto counts units by rules of its own."""
    return "dynamodb_local"


def test_units(table: Table) -> None:
    handler = NotifyHandler(
        uow=DynamoNotificationsUnitOfWork(table.client, table.name),
        channels=[Letterbox("email"), Letterbox("log")],
        clock=SystemClock(),
    )
    registration = Registration(name="Ada", email=Email("ada@example.com"))
    completed = OrderCompleted(order_id=new_id(), total=Money(5990, "EUR"))
    user_id = new_id()

    def notify(occasion: Welcome | OrderCompleted) -> float:
        event_id = new_id()
        command = Notify(
            event_id=event_id, user_id=user_id, occasion=occasion, registration=registration
        )
        with (
            request_context(inbox=Inbox(consumer="notify", event_id=event_id)),
            counted_calls() as calls,
        ):
            handler(command)
        return calls.units

    units = {"welcome": notify(Welcome()), "tell": notify(completed)}
    pager = Pager(table.client, table.name, CursorCodec(lambda: ["secret"]))
    listing = ListMyNotificationsHandler(notifications=DynamoNotificationReader(pager))
    with counted_calls() as calls:
        listing(ListMyNotifications(user_id=user_id, page=PageRequest(limit=20)))
    units["list"] = calls.units
    assert units == {"welcome": 24.0, "tell": 25.0, "list": 0.5}
