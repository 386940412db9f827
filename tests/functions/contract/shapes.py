"""What all examples of an event have in common, and how another one differs from them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

AWS = Path(__file__).parent / "aws"
OF_THE_SENDER = frozenset(
    {"headers", "queryStringParameters", "pathParameters", "stageVariables", "lambda", "detail"}
    | {"Keys", "NewImage", "OldImage", "messageAttributes"}
)
"""Objects whose fields are not AWS's."""


@dataclass
class Shape:
    """The types that a value has in the examples, and its fields: all, and those always there."""

    types: set[str] = field(default_factory=set)
    fields: dict[str, "Shape"] = field(default_factory=dict)
    always: set[str] | None = None
    items: "Shape | None" = None

    def learn(self, value: Any, *, inside: bool = True) -> None:
        """Take in an example."""
        self.types.add(_type(value))
        if isinstance(value, Mapping) and inside:
            self.always = self.always & set(value) if self.always is not None else set(value)
            for name, each in value.items():
                of_aws = name not in OF_THE_SENDER
                self.fields.setdefault(name, Shape()).learn(each, inside=of_aws)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            self.items = self.items or Shape()
            for each in value:
                self.items.learn(each)

    def differs(self, value: Any, at: str = "") -> Iterator[str]:
        """Yield in what *value* differs from all examples."""
        if _type(value) not in self.types:
            yield f"{at or '.'}: AWS sends {' or '.join(sorted(self.types))}, not {_type(value)}"
        elif isinstance(value, Mapping) and self.always is not None:
            yield from (f"{at}.{name}: AWS always sends it" for name in self.always - set(value))
            for name, each in value.items():
                if name in self.fields:
                    yield from self.fields[name].differs(each, f"{at}.{name}")
                else:
                    yield f"{at}.{name}: AWS sends no such field"
        elif isinstance(value, list) and self.items is not None:
            for each in value:
                yield from self.items.differs(each, f"{at}[]")


def shape_of(examples: Iterable[Any]) -> Shape:
    """Return what *examples* say of all."""
    shape = Shape()
    for example in examples:
        shape.learn(example)
    return shape


def examples(kind: str) -> list[dict[str, Any]]:
    """Return AWS's examples of a kind of event."""
    found: list[dict[str, Any]] = json.loads((AWS / f"{kind}.json").read_text("utf-8"))
    return found


def dressed(event: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return *event* with everything that AWS may send with it, and every header that it adds."""
    for example in examples(kind):
        event = _with(event, example)
    return dict(event)


def _with(value: Any, example: Any, name: str = "") -> Any:
    if isinstance(value, Mapping) and isinstance(example, Mapping):
        if name in OF_THE_SENDER - {"headers"}:
            return value
        both = {each: _with(inner, example.get(each), each) for each, inner in value.items()}
        added = {each: inner for each, inner in example.items() if each not in {*both, *_UNASKED}}
        return both | added
    if isinstance(value, list) and isinstance(example, list) and example:
        return [_with(each, example[0]) for each in value]
    return value


_UNASKED = frozenset(
    {"authorizer", "body", "pathParameters", "queryStringParameters", "content-type"}
    | {"content-length", "authorization"}
)
"""What is there only because the client, or the route, has it."""


def _type(value: Any) -> str:
    kinds: tuple[tuple[str, Any], ...] = (
        ("null", type(None)), ("boolean", bool), ("number", (int, float)), ("text", str),
        ("object", Mapping),
    )  # fmt: skip
    return next((name for name, kind in kinds if isinstance(value, kind)), "list")
