"""Narrow built templates to the runtime and the machine that they were built for.

`PythonVersion` and `Architecture` then allow the one value that runs: CloudFormation itself
refuses a deployment with another before it changes anything, also when that is the value that the
stack has had since an earlier release, which `sam deploy` hands on without a word.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.build.target import BuildError
from tools.check.project import TEMPLATE
from tools.local.templates import Loader
from tools.templates.completion import entry

_Span = tuple[int, int, str]


def narrow(folder: Path, only: Mapping[str, str]) -> int:
    """Allow in every template below *folder* nothing but *only*, by parameter; return how many."""
    narrowed = 0
    for path in sorted(folder.rglob(TEMPLATE)):
        text = path.read_text("utf-8")
        if (fresh := narrowed_text(text, only)) != text:
            path.write_text(fresh, "utf-8")
        narrowed += 1
    if not narrowed:
        raise BuildError(f"no built template below {folder}")
    return narrowed


def narrowed_text(text: str, only: Mapping[str, str]) -> str:
    """Return a template whose parameters have one allowed value, which is their default."""
    spans = _spans(yaml.compose(text, Loader=Loader), text, only)
    for start, end, value in sorted(spans, reverse=True):
        text = f"{text[:start]}{value}{text[end:]}"
    return text


def _spans(root: Any, text: str, only: Mapping[str, str]) -> Iterator[_Span]:
    parameters = entry(root, "Parameters")
    for name, value in only.items():
        parameter = entry(parameters, name)
        default, allowed = entry(parameter, "Default"), entry(parameter, "AllowedValues")
        if default is None or not isinstance(allowed, yaml.SequenceNode):
            raise BuildError(f"the parameter {name} has no Default or no AllowedValues")
        yield default.start_mark.index, default.end_mark.index, value
        start, end = allowed.start_mark.index, allowed.end_mark.index
        written = text[start:end]
        after = written[len(written.rstrip()) :]
        yield start, end, (f"[{value}]" if allowed.flow_style else f"- {value}") + after
