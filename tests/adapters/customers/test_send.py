"""A query sent by hand gets the answer that its function would give."""

import json

import pytest

from shared.platform.runtime.context import request_context
from tools.lab.support.tables import Table
from tools.operate.send import main

pytestmark = pytest.mark.row("CQR-01")


@pytest.fixture
def engine() -> str:
    """A tool of the operator's; one engine will do."""
    return "moto"


def test_a_query(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    fields = {"customer_id": "c-1", "requested_by": "c-1", "reads_everybody": False}
    with request_context():
        assert main(["customers", "GetCustomerSummary", json.dumps(fields)]) == 0
    assert json.loads(capsys.readouterr().out)["orders"] == 0
    fields["requested_by"] = "c-2"
    assert main(["customers", "GetCustomerSummary", json.dumps(fields)]) == 2
    assert "Refused: " in capsys.readouterr().err


def test_what_there_is_to_send(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["customers"]) == 0
    assert "GetCustomerSummary(customer_id, requested_by" in capsys.readouterr().out
    assert main(["customers", "GetNothing"]) == 2
    assert main(["customers", "GetCustomerSummary", '{"no": 1}']) == 2
    assert main(["customers", "GetCustomerSummary", "{"]) == 2
