"""What the tasks are asked, as JSON objects; anything but what is named here is refused."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.kernel.clock import from_iso
from shared.kernel.errors import ValidationFailed
from shared.operations.use_cases.redrive_dead_letters import RedriveDeadLetters
from shared.operations.use_cases.replay_events import (
    Position,
    ReplayEvents,
    Selection,
    Span,
    Stream,
)

Asked = Mapping[str, Any]
MAX_SEGMENTS = 64


def replay_command(asked: Asked) -> ReplayEvents:
    """Read what to replay; every function here raises `ValidationFailed`.

    ``consumer``, and either ``aggregate`` ("Order#<id>") or ``since`` and ``until`` (RFC 3339)
    with ``segment`` of ``segments``; ``rebuild`` names a run; ``position`` goes on.
    """
    known = "consumer", "aggregate", "since", "until", "segment", "segments", "rebuild", "position"
    _only(asked, *known)
    return ReplayEvents(
        consumer=_text(asked, "consumer"),
        selection=_selection(asked),
        position=_position(asked.get("position")),
        rebuild=_text(asked, "rebuild") if asked.get("rebuild") is not None else None,
    )


def redrive_command(asked: Asked) -> RedriveDeadLetters:
    """Read what to redrive: ``consumer``, ``limit`` (1 to 100 000), ``look``, ``position``.

    None is required.
    """
    _only(asked, "consumer", "limit", "look", "position")
    look = asked.get("look", False)
    if not isinstance(look, bool):
        raise ValidationFailed.of("look", "must be true or false")
    limit = _whole(asked, "limit", default=1_000, least=1, most=100_000)
    began, position = None, asked.get("position")
    if position is not None:
        if not isinstance(position, Mapping):
            raise ValidationFailed.of("position", "must be the one that was answered")
        _only(position, "began", "left")
        began = _moment(position, "began")
        limit = _whole(position, "left", default=limit, least=1, most=limit)
    return RedriveDeadLetters(
        consumer=_text(asked, "consumer") if asked.get("consumer") is not None else None,
        limit=limit,
        look=look,
        began=began,
    )


def _selection(asked: Asked) -> Selection:
    if asked.get("aggregate") is not None:
        if any(asked.get(name) is not None for name in ("since", "until", "segment", "segments")):
            raise ValidationFailed.of("aggregate", "is for itself, without a span of time")
        kind, separator, id_ = _text(asked, "aggregate").partition("#")
        if not (kind and separator and id_):
            raise ValidationFailed.of("aggregate", "must be <type>#<id>, such as Order#0190…")
        return Stream(aggregate_type=kind, aggregate_id=id_)
    since, until = _moment(asked, "since"), _moment(asked, "until")
    if not since < until:
        raise ValidationFailed.of("until", "must be later than since")
    segments = _whole(asked, "segments", default=1, least=1, most=MAX_SEGMENTS)
    segment = _whole(asked, "segment", default=0, least=0, most=segments - 1)
    return Span(since=since, until=until, segment=segment, segments=segments)


def _position(asked: Any) -> Position | None:
    if asked is None:
        return None
    if not isinstance(asked, Mapping):
        raise ValidationFailed.of("position", "must be the one that was answered")
    _only(asked, "source", "after")
    after = asked.get("after")
    if after is not None and not (
        isinstance(after, Mapping) and all(isinstance(each, str) for each in after.values())
    ):
        raise ValidationFailed.of("position", "must be the one that was answered")
    return Position(source=_text(asked, "source"), after=after)


def _only(asked: Asked, *known: str) -> None:
    if strange := sorted(set(asked) - set(known)):
        raise ValidationFailed.of(strange[0], f"is unknown; known are {', '.join(known)}")


def _text(asked: Asked, name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not value:
        raise ValidationFailed.of(name, "must be a text")
    return value


def _moment(asked: Asked, name: str) -> datetime:
    try:
        return from_iso(_text(asked, name))
    except ValueError:
        raise ValidationFailed.of(name, "must be a time such as 2026-01-31T12:00:00Z") from None


def _whole(asked: Asked, name: str, *, default: int, least: int, most: int) -> int:
    value = asked.get(name, default)
    if type(value) is not int or not least <= value <= most:
        raise ValidationFailed.of(name, f"must be a whole number from {least} to {most}")
    return value
