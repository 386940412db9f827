"""What the tasks are asked, as JSON objects; anything but what is named here is refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.kernel.clock import from_iso
from shared.kernel.errors import ValidationFailed
from shared.operations.ports import Rehearsed
from shared.operations.use_cases.redrive_dead_letters import RedriveDeadLetters
from shared.operations.use_cases.replay_events import (
    Position,
    ReplayEvents,
    Selection,
    Span,
    Stream,
)
from shared.operations.use_cases.run_migrations import RunMigrations

Asked = Mapping[str, Any]
MAX_REASON = 500
MAX_SEGMENTS = 64
MAX_THREADS = 16
"""Segments that one invocation works on; each has a thread and a connection of its own."""


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

    None is required. ``discard`` is why a consumer's letters are thrown away.
    """
    _only(asked, "consumer", "limit", "look", "discard", "position")
    look = asked.get("look", False)
    if not isinstance(look, bool):
        raise ValidationFailed.of("look", "Must be true or false.")
    limit = _whole(asked, "limit", default=1_000, least=1, most=100_000)
    began, position = None, asked.get("position")
    if position is not None:
        if not isinstance(position, Mapping):
            raise ValidationFailed.of("position", "Must be the one that was answered.")
        _only(position, "began", "left")
        began = _timestamp(position, "began")
        limit = _whole(position, "left", default=limit, least=1, most=limit)
    return RedriveDeadLetters(
        consumer=_text(asked, "consumer") if asked.get("consumer") is not None else None,
        limit=limit,
        look=look,
        discard=_discard(asked, look=look),
        began=began,
    )


def _discard(asked: Asked, *, look: bool) -> str | None:
    if asked.get("discard") is None:
        return None
    if look:
        raise ValidationFailed.of("discard", "Is not for a look.")
    if asked.get("consumer") is None:
        raise ValidationFailed.of("consumer", "Must be named where letters are discarded.")
    reason = _text(asked, "discard").strip()
    if not 1 <= len(reason) <= MAX_REASON:
        raise ValidationFailed.of("discard", f"Must say why, in up to {MAX_REASON} characters.")
    return reason


def migrate_command(asked: Asked) -> RunMigrations:
    """Read what to migrate: ``context``, ``segments``, ``items_per_second``, ``dry_run``.

    None is required; ``position`` goes on with a dry run.
    """
    _only(asked, "context", "segments", "items_per_second", "dry_run", "position")
    dry_run = asked.get("dry_run", False)
    if not isinstance(dry_run, bool):
        raise ValidationFailed.of("dry_run", "Must be true or false.")
    pace = asked.get("items_per_second")
    if pace is not None:
        pace = _whole(asked, "items_per_second", default=0, least=1, most=100_000)
    if asked.get("position") is not None and not dry_run:
        raise ValidationFailed.of("position", "Is for a dry run: any other knows where it is.")
    return RunMigrations(
        context=_text(asked, "context") if asked.get("context") is not None else None,
        segments=_whole(asked, "segments", default=4, least=1, most=MAX_THREADS),
        items_per_second=pace,
        dry_run=dry_run,
        rehearsed=_rehearsed(asked.get("position")),
    )


def _rehearsed(asked: Any) -> Rehearsed | None:
    if asked is None:
        return None
    wrong = ValidationFailed.of("position", "Must be the one that was answered.")
    if not isinstance(asked, Mapping):
        raise wrong
    for segments in asked.values():
        if not isinstance(segments, Sequence) or not 1 <= len(segments) <= MAX_THREADS:
            raise wrong
        for number, each in enumerate(segments):
            if not isinstance(each, Mapping) or not _is_progress(each, number):
                raise wrong
    return asked


def _is_progress(asked: Asked, number: int) -> bool:
    key = asked.get("next_key")
    return (
        set(asked) == {"segment", "scanned", "changed", "next_key", "done"}
        and asked["segment"] == number
        and all(type(asked[name]) is int and asked[name] >= 0 for name in ("scanned", "changed"))
        and type(asked["done"]) is bool
        and (key is None or (isinstance(key, Mapping) and set(key) == {"PK", "SK"}))
    )


def _selection(asked: Asked) -> Selection:
    if asked.get("aggregate") is not None:
        if any(asked.get(name) is not None for name in ("since", "until", "segment", "segments")):
            raise ValidationFailed.of("aggregate", "Is for itself, without a span of time.")
        kind, separator, id_ = _text(asked, "aggregate").partition("#")
        if not (kind and separator and id_):
            raise ValidationFailed.of("aggregate", "Must be <type>#<id>, such as Order#0190….")
        return Stream(aggregate_type=kind, aggregate_id=id_)
    since, until = _timestamp(asked, "since"), _timestamp(asked, "until")
    if not since < until:
        raise ValidationFailed.of("until", "Must be later than since.")
    segments = _whole(asked, "segments", default=1, least=1, most=MAX_SEGMENTS)
    segment = _whole(asked, "segment", default=0, least=0, most=segments - 1)
    return Span(since=since, until=until, segment=segment, segments=segments)


def _position(asked: Any) -> Position | None:
    if asked is None:
        return None
    if not isinstance(asked, Mapping):
        raise ValidationFailed.of("position", "Must be the one that was answered.")
    _only(asked, "source", "after")
    after = asked.get("after")
    if after is not None and not (
        isinstance(after, Mapping) and all(isinstance(each, str) for each in after.values())
    ):
        raise ValidationFailed.of("position", "Must be the one that was answered.")
    return Position(source=_text(asked, "source"), after=after)


def _only(asked: Asked, *known: str) -> None:
    if strange := sorted(set(asked) - set(known)):
        raise ValidationFailed.of(strange[0], f"Is unknown; known are {', '.join(known)}.")


def _text(asked: Asked, name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not value:
        raise ValidationFailed.of(name, "Must be a text.")
    return value


def _timestamp(asked: Asked, name: str) -> datetime:
    try:
        return from_iso(_text(asked, name))
    except ValueError:
        raise ValidationFailed.of(name, "Must be a time such as 2026-01-31T12:00:00Z.") from None


def _whole(asked: Asked, name: str, *, default: int, least: int, most: int) -> int:
    value = asked.get(name, default)
    if type(value) is not int or not least <= value <= most:
        raise ValidationFailed.of(name, f"Must be a whole number from {least} to {most}.")
    return value
