"""CloudFormation templates as plain data."""

import pickle
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Fastest
except ImportError:  # PyYAML without libyaml: the same, nine times slower
    from yaml import SafeLoader as _Fastest  # type: ignore[assignment]

Template = dict[str, Any]
Loader = _Fastest


class _TemplateLoader(Loader):
    """YAML with CloudFormation's short intrinsic functions, such as `!Ref`."""


def _intrinsic(loader: Any, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_TemplateLoader.add_multi_constructor("!", _intrinsic)
# CloudFormation reads dates such as a policy's Version as text.
_TemplateLoader.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


def load_template(path: Path) -> Template:
    """Read the template at *path*; intrinsic functions come out in their long form."""
    return parse_template(path.read_text(encoding="utf-8"))


def parse_template(text: str) -> Template:
    """Read a template from its text; whoever asks gets one that is theirs to change."""
    template: Template = pickle.loads(_pickled(text))  # noqa: S301 - our own, made below
    return template


@cache
def _pickled(text: str) -> bytes:
    """Parse *text* once: a process asks for the same few templates hundreds of times."""
    return pickle.dumps(yaml.load(text, Loader=_TemplateLoader))  # noqa: S506


def alternatives(items: Iterable[Any]) -> Iterator[Any]:
    """Yield every item of a list, both branches of those under a condition, less the absent."""
    for item in items:
        match item:
            case {"Fn::If": [_, *branches]}:
                yield from alternatives(branches)
            case {"Ref": "AWS::NoValue"}:
                pass
            case _:
                yield item
