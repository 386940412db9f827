"""What a part of a template refers to."""

import re
from collections.abc import Iterator
from typing import Any

_IN_TEXT = re.compile(r"\$\{(?!!)([\w:]+)(?:\.[\w.]+)?\}")


def references(value: Any) -> Iterator[str]:
    """Names that a part of a template refers to, parameters and pseudo parameters included."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::GetAtt": str(name)}:
            yield name.partition(".")[0]
        case {"Fn::Sub": str(text)}:
            yield from _IN_TEXT.findall(text)
        case {"Fn::Sub": [str(text), names]}:
            yield from (each for each in _IN_TEXT.findall(text) if each not in names)
            yield from references(list(names.values()))
        case dict():
            for each in value.values():
                yield from references(each)
        case list():
            for each in value:
                yield from references(each)
