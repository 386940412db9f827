"""What a table is declared to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.lab.simulation.engine.errors import Attributes, InvalidChange, invalid
from tools.lab.simulation.engine.values import Value, bytes_of, normal, text_size

ALL, KEYS_ONLY, INCLUDE = "ALL", "KEYS_ONLY", "INCLUDE"
NO_SORT_KEY = ""
Key = tuple[Any, Any]
"""Partition and sort key as Python orders them; `NO_SORT_KEY` where the schema has none."""

_MAX_BYTES = (2048, 1024)


@dataclass(frozen=True, slots=True)
class KeySchema:
    """The names of a partition key and, where there is one, of a sort key."""

    partition: str
    sort: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.partition, self.sort) if self.sort else (self.partition,)

    def key_of(self, item: Mapping[str, Value]) -> Key:
        """Return the key of an item that has one."""
        partition = normal(item[self.partition])
        return partition, normal(item[self.sort]) if self.sort else NO_SORT_KEY

    @classmethod
    def read(cls, schema: Sequence[Mapping[str, str]]) -> "KeySchema":
        """Read a ``KeySchema`` as CloudFormation and the API write it."""
        by_type = {it["KeyType"]: it["AttributeName"] for it in schema}
        return cls(by_type["HASH"], by_type.get("RANGE", ""))


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """A global secondary index; *included* are the attributes of an ``INCLUDE`` projection."""

    name: str
    key: KeySchema
    projection: str = ALL
    included: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table: *types* of its key attributes, *stream* the view type (empty: no stream)."""

    name: str
    key: KeySchema
    types: Mapping[str, str]
    indexes: tuple[IndexSpec, ...] = ()
    stream: str = ""
    ttl: str = field(default="")

    @classmethod
    def from_template(cls, resource: Mapping[str, Any], *, name: str) -> "TableSpec":
        """Read an ``AWS::DynamoDB::Table`` of a template; *name* is what it is deployed as."""
        properties = resource["Properties"]
        stream = properties.get("StreamSpecification", {})
        return cls(
            name=name,
            key=KeySchema.read(properties["KeySchema"]),
            types={
                it["AttributeName"]: it["AttributeType"]
                for it in properties["AttributeDefinitions"]
            },
            indexes=tuple(
                IndexSpec(
                    it["IndexName"],
                    KeySchema.read(it["KeySchema"]),
                    it["Projection"]["ProjectionType"],
                    tuple(it["Projection"].get("NonKeyAttributes", ())),
                )
                for it in properties.get("GlobalSecondaryIndexes", ())
            ),
            stream=stream.get("StreamViewType", ""),
            ttl=properties.get("TimeToLiveSpecification", {}).get("AttributeName", ""),
        )

    def index(self, name: str) -> IndexSpec | None:
        return next((index for index in self.indexes if index.name == name), None)

    def refuse_item(self, item: Mapping[str, Value]) -> None:
        """Raise `InvalidChange` for an item that lacks a key or has one of the wrong type."""
        for position, name in enumerate(self.key.names):
            value = item.get(name)
            if value is None:
                raise InvalidChange(
                    "One or more parameter values were invalid: Missing the key"
                    f" {name} in the item"
                )
            self._refuse_type(name, value)
            _refuse_content(name, value, position)

    def refuse_key(self, key: Mapping[str, Value]) -> None:
        """Raise `InvalidChange` unless *key* is exactly a key of this table."""
        names = self.key.names
        if len(key) != len(names) or not all(
            name in key and self.types[name] in key[name] for name in names
        ):
            raise InvalidChange("The provided key element does not match the schema")
        for position, name in enumerate(names):
            _refuse_content(name, key[name], position)

    def refuse_index_keys(self, item: Mapping[str, Value]) -> None:
        """Raise `InvalidChange` for a key attribute of an index that no index can hold."""
        for index in self.indexes:
            for position, name in enumerate(index.key.names):
                value = item.get(name)
                if value is None:
                    continue
                if self.types[name] not in value:
                    raise InvalidChange(
                        "One or more parameter values were invalid: Type mismatch for Index Key"
                        f" {name} Expected: {self.types[name]} Actual: {next(iter(value))}"
                        f" IndexName: {index.name}"
                    )
                _refuse_content(name, value, position)

    def _refuse_type(self, name: str, value: Value) -> None:
        if self.types[name] not in value:
            raise InvalidChange(
                "One or more parameter values were invalid: Type mismatch for key"
                f" {name} expected: {self.types[name]} actual: {next(iter(value))}"
            )


def only(item: Mapping[str, Value], names: Sequence[str]) -> Attributes:
    """Return the attributes of *item* that *names* lists."""
    return {name: item[name] for name in names if name in item}


def _refuse_content(name: str, value: Value, position: int) -> None:
    """Refuse a key that is empty (the whole request, even a transaction) or too long."""
    ((kind, content),) = value.items()
    if kind == "N":
        return
    if not content:
        raise invalid(
            "One or more parameter values are not valid. The AttributeValue for a key attribute"
            f" cannot contain an empty {'string' if kind == 'S' else 'binary'} value. Key: {name}"
        )
    size = text_size(content) if kind == "S" else len(bytes_of(content))
    if size > _MAX_BYTES[position]:
        what = ("hash", "range")[position]
        raise InvalidChange(
            f"One or more parameter values were invalid: Size of {what}key has exceeded the"
            f" maximum size limit of {_MAX_BYTES[position]} bytes"
        )
