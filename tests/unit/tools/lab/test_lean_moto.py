"""Moto's DynamoDB answers what it would without us, byte for byte, and through us."""

from typing import Any
from unittest.mock import patch

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.core import models
from moto.core.serialize import (
    SERVICE_SPECIFIC_SERIALIZERS,
    JSONSerializer,
    XFormedAttributePicker,
    get_serializer_class,
)
from moto.core.utils import get_service_model

from tools.lab.support.lean_moto import Answers
from tools.lab.support.tables import create_table

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
_NUMBERS = st.integers().map(str)
_SIMPLE = st.one_of(
    st.fixed_dictionaries({"S": _TEXTS}),
    st.fixed_dictionaries({"N": _NUMBERS}),
    st.fixed_dictionaries({"B": st.binary(max_size=5)}),
    st.fixed_dictionaries({"BOOL": st.booleans()}),
    st.fixed_dictionaries({"NULL": st.just(value=True)}),
    st.fixed_dictionaries({"SS": st.lists(_TEXTS, max_size=3)}),
    st.fixed_dictionaries({"NS": st.lists(_NUMBERS, max_size=3)}),
    st.fixed_dictionaries({"BS": st.lists(st.binary(max_size=5), max_size=3)}),
    # What DynamoDB does not send, but moto would write somehow.
    st.just({}),
    st.just({"s": "small"}),
    st.just({"S": None}),
    st.just({"S": "two", "N": "1"}),
)
VALUES = st.recursive(
    _SIMPLE,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"M": st.dictionaries(_TEXTS, inner, max_size=4)}),
        st.fixed_dictionaries({"L": st.lists(inner, max_size=4)}),
    ),
    max_leaves=12,
)
ITEMS = st.dictionaries(st.sampled_from(["PK", "SK", "s", "lines", ""]), VALUES, max_size=4)


def written(kind: type[JSONSerializer], operation: str, answer: dict[str, Any]) -> Any:
    model = get_service_model("dynamodb").operation_model(operation)
    return kind(operation_model=model, value_picker=XFormedAttributePicker()).serialize(answer)


@given(ITEMS)
def test_an_item_is_written_as_moto_writes_it(item: dict[str, Any]) -> None:
    answer = {"Item": item}
    assert written(Answers, "GetItem", answer) == written(JSONSerializer, "GetItem", answer)


@given(st.lists(ITEMS, max_size=3))
def test_so_are_pages_with_the_key_that_follows(items: list[dict[str, Any]]) -> None:
    page = {"Items": items, "Count": len(items), "LastEvaluatedKey": {"PK": {"S": "last"}}}
    for operation in ("Query", "Scan"):
        assert written(Answers, operation, page) == written(JSONSerializer, operation, page)


def test_tests_on_moto_are_answered_through_it() -> None:
    assert get_serializer_class("dynamodb", "json") is Answers


@pytest.mark.usefixtures("moto")
def test_a_client_reads_the_same_with_and_without_it() -> None:
    client = boto3.client("dynamodb")
    table = create_table(client)
    lines = {"L": [{"M": {"quantity": {"N": "2"}, "picture": {"B": b"\x00\xff"}}}]}
    item: Any = {"PK": {"S": "Order#1"}, "SK": {"S": "STATE"}, "lines": lines}
    client.put_item(TableName=table.name, Item=item)
    found = [client.scan(TableName=table.name)["Items"]]
    with patch.dict(SERVICE_SPECIFIC_SERIALIZERS):
        del SERVICE_SPECIFIC_SERIALIZERS["dynamodb"]
        found.append(client.scan(TableName=table.name)["Items"])
    assert found == [[item], [item]]


@pytest.mark.usefixtures("moto")
def test_nothing_is_prepared_for_other_libraries() -> None:
    assert not models.responses_mock.registered()
