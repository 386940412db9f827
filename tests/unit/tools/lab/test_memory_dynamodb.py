"""The tests' DynamoDB answers clients as DynamoDB's own protocol has it."""

import boto3
import pytest
from botocore.exceptions import ClientError

from tools.lab.support import memory_dynamodb
from tools.lab.support.tables import create_table


@pytest.fixture
def client(memory):
    return boto3.client("dynamodb")


@pytest.fixture
def table(client):
    return create_table(client, "shelf")


def test_what_is_put_is_there_whatever_its_kind(table):
    item = {"PK": "a", "SK": "STATE", "n": 3, "list": [1, "zwölf"], "flag": True, "none": None}
    table.put(item)
    assert table.items() == [item]
    key = {"PK": {"S": "b"}, "SK": {"S": "STATE"}}
    table.client.put_item(TableName="shelf", Item={**key, "bytes": {"B": b"\x00\xff"}})
    found = table.client.get_item(TableName="shelf", Key=key)
    assert found["Item"]["bytes"] == {"B": b"\x00\xff"}


def test_a_refusal_has_its_code_and_what_was_asked_for(table):
    table.put({"PK": "a", "SK": "STATE", "n": 3})
    with pytest.raises(table.client.exceptions.ConditionalCheckFailedException) as found:
        table.client.put_item(
            TableName="shelf",
            Item={"PK": {"S": "a"}, "SK": {"S": "STATE"}},
            ConditionExpression="attribute_not_exists(PK)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert found.value.response["Item"]["n"] == {"N": "3"}
    assert found.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_cancelled_transaction_has_its_reasons(table):
    key = {"PK": {"S": "a"}, "SK": {"S": "STATE"}}
    absent = {"ConditionExpression": "attribute_exists(PK)", "TableName": "shelf", "Key": key}
    put = {"TableName": "shelf", "Item": {**key, "SK": {"S": "EVENT"}}}
    with pytest.raises(ClientError) as found:
        table.client.transact_write_items(TransactItems=[{"Put": put}, {"ConditionCheck": absent}])
    assert found.value.response["Error"]["Code"] == "TransactionCanceledException"
    codes = [each["Code"] for each in found.value.response["CancellationReasons"]]
    assert codes == ["None", "ConditionalCheckFailed"]
    assert table.items() == []


def test_a_table_is_there_from_its_creation_to_its_end(table):
    with pytest.raises(table.client.exceptions.ResourceInUseException):
        create_table(table.client, "shelf")
    assert table.client.describe_table(TableName="shelf")["Table"]["TableStatus"] == "ACTIVE"
    table.delete()
    for _ in range(2):
        with pytest.raises(table.client.exceptions.ResourceNotFoundException):
            table.items()
        with pytest.raises(table.client.exceptions.ResourceNotFoundException):
            table.delete()


def test_tables_go_with_their_test(client):
    with memory_dynamodb.answering():
        create_table(client, "shelf").put({"PK": "a", "SK": "STATE"})
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_table(TableName="shelf")


def test_what_the_engine_does_not_know_is_no_answer(table):
    with pytest.raises(NotImplementedError, match="ScanFilter"):
        table.client.scan(TableName="shelf", ScanFilter={})
    table.put({"PK": "a", "SK": "STATE"})
    with pytest.raises(NotImplementedError, match="items"):
        table.client.update_time_to_live(
            TableName="shelf",
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"},
        )


def test_other_services_are_motos(memory):
    made = boto3.client("secretsmanager").create_secret(Name="a", SecretString="b")
    assert made["Name"] == "a"


class TestOnMoto:
    """A suite that says so has moto's own."""

    @pytest.fixture
    def engine(self) -> str:
        return "moto"

    def test_it_answers_by_itself(self, table):
        assert memory_dynamodb.engines() == []
        table.put({"PK": "a", "SK": "STATE"})
        assert [item["PK"] for item in table.items()] == ["a"]
