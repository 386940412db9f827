"""Every call to AWS is measured, the ones that never came back too."""

import json

import pytest
from botocore.exceptions import EndpointConnectionError

from shared.platform.aws.clients import dynamodb
from shared.platform.dynamodb.reading import get_item
from shared.platform.runtime.errors import DatabaseBusy, NetworkError
from shared.platform.telemetry.metrics import metrics
from tests.support.faults import refused, refusing

pytestmark = pytest.mark.row("MET-02")

KEY = {"PK": "a", "SK": "b"}


def measured(capsys) -> dict[str, object]:
    capsys.readouterr()
    metrics.flush_metrics()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return next(line for line in lines if line.get("operation") == "GetItem")


def test_a_call_is_timed_and_its_capacity_summed(table, capsys):
    assert get_item(dynamodb(), table.name, KEY) is None
    line = measured(capsys)
    assert (line["dependency"], len(line["DependencyCall"])) == ("dynamodb", 1)
    assert "ConsumedCapacitySum" in line
    assert "DependencyError" not in line


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "InternalServerError", "ServiceUnavailable"]
)
def test_a_refusal_is_counted(table, capsys, code):
    with refusing(dynamodb(), "GetItem", [refused(code)]), pytest.raises(DatabaseBusy):
        get_item(dynamodb(), table.name, KEY)
    assert measured(capsys)["DependencyError"] == [1.0]


def test_a_call_that_never_came_back_is_counted(table, capsys):
    def lose(**_):
        raise EndpointConnectionError(endpoint_url="http://dynamodb.test")

    dynamodb().meta.events.register("before-send.dynamodb.GetItem", lose)
    with pytest.raises(NetworkError):
        get_item(dynamodb(), table.name, KEY)
    assert measured(capsys)["DependencyError"] == [1.0]
