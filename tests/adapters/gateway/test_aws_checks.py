import pytest

from shared.gateway.adapters.aws_checks import GatewaySettings, checks
from shared.platform.errors import ConfigurationError
from tests.support.tables import Table


def test_a_table_answers_on_every_engine(table: Table) -> None:
    found = checks(GatewaySettings(table_names=f"orders={table.name}"))
    found["orders-table"]()
    assert table.items() == []


def test_a_missing_table_does_not(table: Table) -> None:
    found = checks(GatewaySettings(table_names="orders=missing"))
    with pytest.raises(Exception, match="ResourceNotFound"):
        found["orders-table"]()


def test_only_what_is_configured_is_checked() -> None:
    assert dict(checks(GatewaySettings())) == {}
    assert dict(checks(GatewaySettings(table_names="orders=,catalog="))) == {}


@pytest.mark.row("OPS-01")
@pytest.mark.parametrize("names", ["orders", "=table"])
def test_a_setting_that_makes_no_sense_is_named(names: str) -> None:
    with pytest.raises(ConfigurationError, match="TABLE_NAMES"):
        checks(GatewaySettings(table_names=names))
