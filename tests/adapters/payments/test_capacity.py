"""What each use case costs, so that a change of it shows.

The figures are DynamoDB Local's, which counts less for a transaction than DynamoDB: there every
action costs 2 units for each KB begun of its item, and as much again for an index.
"""

import pytest

from shared.kernel.ids import new_id
from shared.payments.adapters.payment_reader import DynamoPaymentReader
from shared.payments.queries.get_payment import GetPayment, GetPaymentHandler
from tests.adapters.payments.conftest import Service
from tests.support.aws_calls import counted_calls


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """Moto counts units by rules of its own."""
    return "dynamodb_local"


def test_units(service: Service) -> None:
    order_id = new_id()
    units = {}
    with counted_calls() as calls:
        service.process(order_id)
    units["charge"] = calls.units
    with counted_calls() as calls:
        reading(service)(GetPayment(order_id=order_id, owner=None))
    units["get"] = calls.units
    with counted_calls() as calls:
        service.refund(order_id)
    units["refund"] = calls.units
    with counted_calls() as calls:
        service.refund(new_id())
    units["void"] = calls.units
    assert units == {"charge": 5.0, "get": 1.0, "refund": 5.0, "void": 5.0}


def reading(service: Service) -> GetPaymentHandler:
    return GetPaymentHandler(
        payments=DynamoPaymentReader(service.table.client, service.table.name)
    )
