import pytest

from shared.identity.domain.entitlements import Role
from shared.identity.domain.errors import EmailTaken, WeakPassword
from tools.lab.support.tables import Table
from tools.operate.create_admin import ACTOR, create_admin, main

pytestmark = pytest.mark.row("SEC-01")
PASSWORD = "seven quiet otters at dusk"


@pytest.fixture
def engine() -> str:
    """A tool of the operator's; one engine will do."""
    return "moto"


def test_an_administrator_is_made_like_every_user(table: Table) -> None:
    made = create_admin(
        table.client, table.name, email="root@example.com", name="Root", password=PASSWORD
    )
    assert made.role == "admin"
    (event,) = table.events()
    assert (event["type"], event["data"]["role"], event["actor"]) == (
        "user.registered",
        "admin",
        ACTOR,
    )
    with pytest.raises(EmailTaken):
        create_admin(
            table.client, table.name, email="root@example.com", name="R", password=PASSWORD
        )
    with pytest.raises(WeakPassword):
        create_admin(
            table.client, table.name, email="b@example.com", name="R", password="admin123"
        )


def test_the_command_line(
    table: Table, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRADEWIND_ADMIN_PASSWORD", PASSWORD)
    arguments = [table.name, "mia@example.com", "Mia", "--role", Role.MERCHANDISER]
    assert main(arguments) == 0
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out.startswith("merchandiser mia@example.com has id ")
    assert printed.err.startswith("Refused: ")
    assert PASSWORD not in printed.out + printed.err
