"""Domain events: facts in the past tense, and the envelope they travel in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

Upcast = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Turns the data of one version of an event into that of the next; it may not fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainEvent:
    """Something that happened to an aggregate.

    A subclass names itself (``type``, as published) and the version of its data's shape
    (``schema_version``). Its fields are plain JSON values: strings, integers, booleans, ``None``,
    lists and dicts of these. Fields added later need a default, so that old events still load.
    """

    type: ClassVar[str]
    schema_version: ClassVar[int] = 1

    def to_data(self) -> dict[str, Any]:
        """Return the fields as a dict of plain JSON values (tuples become lists)."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Build the event from what :meth:`to_data` gave; unknown keys are ignored."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})


def plain(value: Any) -> Any:
    """Return *value* as plain JSON values: dataclasses become dicts, tuples lists."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class EventContext:
    """Who and what caused the events of one commit."""

    actor: str | None = None
    request_id: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    trace: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEnvelope:
    """One event as stored and published: identity, place in its stream, context and data.

    ``version`` is the event's position in its aggregate's stream, from 1, without gaps.
    """

    id: str
    type: str
    schema_version: int
    aggregate_type: str
    aggregate_id: str
    version: int
    occurred_at: datetime
    context: EventContext
    data: Mapping[str, Any]
