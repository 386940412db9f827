"""DescribeTable."""

from collections.abc import Mapping
from typing import Any

from tools.lab.simulation.engine.spec import IndexSpec, KeySchema
from tools.lab.simulation.engine.table import Table


def describe_table(tables: Mapping[str, Table], request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was declared and how much is stored; sizes are exact here, never hours old."""
    table = tables[request["TableName"]]
    spec = table.spec
    rows = list(table.rows)
    description: dict[str, Any] = {
        "TableName": spec.name,
        "TableStatus": "ACTIVE",
        "KeySchema": _schema(spec.key),
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in spec.types.items()
        ],
        "ItemCount": len(rows),
        "TableSizeBytes": sum(row.size for _, _, row in rows),
    }
    if spec.indexes:
        description["GlobalSecondaryIndexes"] = [_index(index) for index in spec.indexes]
    if spec.stream:
        description["StreamSpecification"] = {
            "StreamEnabled": True,
            "StreamViewType": spec.stream,
        }
    return {"Table": description}


def _index(index: IndexSpec) -> dict[str, Any]:
    projection: dict[str, Any] = {"ProjectionType": index.projection}
    if index.included:
        projection["NonKeyAttributes"] = list(index.included)
    return {
        "IndexName": index.name,
        "IndexStatus": "ACTIVE",
        "KeySchema": _schema(index.key),
        "Projection": projection,
    }


def _schema(key: KeySchema) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [
        {"AttributeName": name, "KeyType": kind}
        for name, kind in zip(key.names, kinds, strict=False)
    ]
