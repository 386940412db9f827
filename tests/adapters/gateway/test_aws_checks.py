import pytest

from shared.gateway import wiring  # noqa: F401  # registers the factories
from shared.gateway.adapters.aws_checks import impatient_dynamodb, table_names, tables
from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.services import services
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("API-08")


@pytest.fixture(autouse=True)
def _no_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENT_BUS_NAME", "")


def test_a_table_answers_on_every_engine(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAMES", f"orders={table.name}")
    (named,) = tables(table.client).items()
    assert named[0] == "orders"
    named[1].answers()
    assert table.items() == []


def test_a_missing_table_does_not(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE_NAMES", "orders=missing")
    with pytest.raises(Exception, match="ResourceNotFound"):
        tables(table.client)["orders"].answers()


def test_only_what_is_configured_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TABLE_NAMES", raising=False)
    assert (services.pings(), tables(impatient_dynamodb())) == ({}, {})
    monkeypatch.setenv("TABLE_NAMES", "orders=,catalog=")
    assert tables(impatient_dynamodb()) == {}


@pytest.mark.row("OPS-01")
@pytest.mark.parametrize("names", ["orders", "=table"])
def test_a_setting_that_makes_no_sense_is_named(names: str) -> None:
    with pytest.raises(ConfigurationError, match="TABLE_NAMES"):
        table_names(names)
