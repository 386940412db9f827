"""The tables of every sequence: each key type, with and without sort keys, each projection."""

from typing import Any

from tools.lab.simulation.engine.spec import TableSpec

MIXED, COUNTED, BLOBS = "Mixed", "Counted", "Blobs"
_STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def _keys(partition: str, sort: str = "") -> list[dict[str, str]]:
    keys = [{"AttributeName": partition, "KeyType": "HASH"}]
    return [*keys, {"AttributeName": sort, "KeyType": "RANGE"}] if sort else keys


def _index(name: str, keys: list[dict[str, str]], kind: str, *included: str) -> dict[str, Any]:
    projection: dict[str, Any] = {"ProjectionType": kind}
    if included:
        projection["NonKeyAttributes"] = list(included)
    return {"IndexName": name, "KeySchema": keys, "Projection": projection}


def _table(
    name: str, keys: list[dict[str, str]], types: dict[str, str], *indexes: dict[str, Any]
) -> dict[str, Any]:
    request: dict[str, Any] = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": keys,
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": kind}
            for attribute, kind in types.items()
        ],
        "StreamSpecification": _STREAM,
    }
    return {**request, "GlobalSecondaryIndexes": list(indexes)} if indexes else request


REQUESTS = (
    _table(
        MIXED,
        _keys("pk", "sk"),
        {"pk": "S", "sk": "S", "g1": "S", "g2": "N"},
        _index("Whole", _keys("g1", "g2"), "ALL"),
        _index("Keys", _keys("g1"), "KEYS_ONLY"),
        _index("Some", _keys("g2", "sk"), "INCLUDE", "a", "b"),
    ),
    _table(COUNTED, _keys("pk", "sk"), {"pk": "S", "sk": "N"}),
    _table(BLOBS, _keys("pk"), {"pk": "B"}),
)
"""``CreateTable`` requests."""

SPECS = {
    request["TableName"]: TableSpec.from_template(
        {"Properties": request}, name=request["TableName"]
    )
    for request in REQUESTS
}
