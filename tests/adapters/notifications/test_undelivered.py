"""The list of the mails that nobody got, as the person on call sees it."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console

from shared.notifications.adapters.delivery import undelivered as listed
from shared.notifications.domain.delivery import Delivery, DeliveryStatus
from shared.notifications.domain.messages import Kind, Text
from shared.notifications.domain.notification import Notification
from shared.platform.dynamodb.transaction import Transactor
from tools.lab.support.tables import Table
from tools.operate.undelivered import main, show, undelivered

NOW = datetime(2026, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.row("OPS-04")


def lost(table: Table, id: str, minutes: int, status: DeliveryStatus) -> None:
    notification = Notification.due(
        id,
        user_id="user-1",
        kind=Kind.WELCOME,
        text=Text(subject="Welcome", body="Hello Ada\n"),
        channels=["email"],
        now=NOW + timedelta(minutes=minutes),
    )
    delivery = Delivery(channel="email", status=status, attempt=1)
    Transactor(table.client, table.name).send([listed(notification, delivery)])


def shown(table: Table, limit: int = 100) -> str:
    out = StringIO()
    console = Console(file=out, width=200)
    show(undelivered(table.client, table.name), console, limit=limit)
    return out.getvalue()


def test_what_nobody_got_is_shown_oldest_first_with_what_became_of_it(table: Table) -> None:
    assert shown(table) == "Every mail was taken, or is still tried.\n"
    lost(table, "n-late", 2, DeliveryStatus.UNKNOWN)
    lost(table, "n-early", 1, DeliveryStatus.FAILED)
    heading, early, late = shown(table).splitlines()
    assert heading.split()[:4] == ["created", "kind", "user", "notification"]
    assert "n-early" in early
    assert early.rstrip().endswith("refused for good: there is no such address")
    assert "n-late" in late
    assert "it must not come twice" in late
    assert "@" not in shown(table)


def test_how_many_more_there_are(table: Table) -> None:
    for number in range(3):
        lost(table, f"n-{number}", number, DeliveryStatus.FAILED)
    said = shown(table, limit=2)
    assert ("n-1" in said, "n-2" in said) == (True, False)
    assert said.endswith("… and 1 more: --limit 3 shows them.\n")


def test_a_table_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "name the notifications' table, or say --local" in capsys.readouterr().err
