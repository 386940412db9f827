"""CloudFormation templates as plain data."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

Template = dict[str, Any]


class _TemplateLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short intrinsic functions, such as `!Ref`."""


def _intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
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
    """Read a template from its text."""
    template: Template = yaml.load(text, Loader=_TemplateLoader)  # noqa: S506
    return template


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
