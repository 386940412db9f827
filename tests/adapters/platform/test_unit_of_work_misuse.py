"""What would corrupt an aggregate is refused before it is written."""

import pytest

from shared.platform.dynamodb.transaction import Transactor
from shared.platform.runtime.context import Idempotency, request_context
from shared.platform.runtime.errors import DatabaseBusy
from tests.adapters.jars import DynamoJars, Jar, JarAnswer
from tests.support.faults import cancelled, refusing

pytestmark = pytest.mark.row("CQR-02")


@pytest.fixture
def engine() -> str:
    return "moto"


def test_an_aggregate_that_changes_after_it_was_saved_is_not_committed(table):
    with DynamoJars(table.client, table.name) as uow:
        jar = Jar.new("j-1", "plum")
        uow.jars.save(jar)
        jar.fill()
        with pytest.raises(RuntimeError, match="Jar j-1 changed after it was saved"):
            uow.commit()
    assert table.items() == []


def test_an_aggregate_is_saved_once(table):
    with DynamoJars(table.client, table.name) as uow:
        jar = Jar.new("j-1", "plum")
        uow.jars.save(jar)
        with pytest.raises(RuntimeError, match="Jar j-1 is saved twice"):
            uow.jars.save(jar)
    assert table.items() == []


@pytest.mark.row("API-03")
def test_a_throttled_idempotency_record_is_no_request_in_flight(table):
    transactor = Transactor(table.client, table.name, sleep=lambda _: None)
    request = Idempotency(principal="u-1", route="POST /jars", key="k-1", fingerprint="f")
    reasons = cancelled("None", "None", "None", "ThrottlingError")
    with (
        request_context(idempotency=request),
        DynamoJars(table.client, table.name, transactor=transactor) as uow,
        refusing(table.client, "TransactWriteItems", [reasons] * 20),
    ):
        uow.jars.save(Jar.new("j-1", "plum"))
        with pytest.raises(DatabaseBusy):
            uow.commit(JarAnswer(jar_id="j-1"))
    assert table.items() == []
