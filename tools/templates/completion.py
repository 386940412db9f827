"""Adds to a template, as text, the entries that it lacks: what is written by hand stays as it is.

What is wanted is a tree that follows the template's mappings. A leaf is the text of one entry, its
key included. An entry that the template has wins over the one that is wanted; where both are
mappings the wanted one completes the other, and `Items` are added to a list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import indent
from typing import TypeAlias, Union

import yaml

from tools.local.templates import Loader
from tools.templates.errors import TemplateError
from tools.templates.markers import CLOSE, OPEN

Wanted: TypeAlias = Mapping[str, Union["Wanted", "Items", str]]
SECTIONS = (
    "AWSTemplateFormatVersion", "Transform", "Description", "Parameters", "Rules", "Conditions",
    "Globals", "Resources", "Outputs",
)  # fmt: skip
_STEP = 2


@dataclass(frozen=True, slots=True)
class Items:
    """Items for the end of a list, each as text that starts with its dash."""

    key: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Insertion:
    after: int
    """The line, counted from 1, that the text comes after."""
    depth: int
    text: str
    spaced: bool
    """Whether a blank line stands before it."""


def complete(text: str, wanted: Wanted) -> str:
    """Return *text* with what it lacks of *wanted*, each between its markers."""
    lines = text.splitlines()
    root = yaml.compose(text, Loader=Loader)
    if not isinstance(root, yaml.MappingNode):
        raise TemplateError("the template is not a mapping")
    by_line: dict[int, list[_Insertion]] = {}
    for insertion in _sections(root, lines, wanted):
        by_line.setdefault(insertion.after, []).append(insertion)
    written: list[str] = []
    for number, line in enumerate(lines, start=1):
        written.append(line)
        if number in by_line:
            written += _region(sorted(by_line[number], key=lambda each: -each.depth))
    return "\n".join(written) + "\n"


def needless(text: str, wanted: Wanted) -> list[str]:
    """Return the entries by hand that say no more than what is wanted anyway, by their paths."""
    return list(_needless(yaml.compose(text, Loader=Loader), wanted, ""))


def _needless(node: yaml.Node | None, wanted: Wanted, at: str) -> Iterator[str]:
    for key, want in wanted.items():
        given = entry(node, key)
        if given is None or isinstance(want, Items):
            continue
        if isinstance(want, Mapping):
            yield from _needless(given, want, f"{at}{key}/")
        else:
            meant = entry(yaml.compose(want, Loader=Loader), key)
            if meant is not None and yaml.serialize(meant) == yaml.serialize(given):
                yield f"{at}{key}"


def _region(insertions: list[_Insertion]) -> Iterator[str]:
    """What comes after a line, the innermost first; a blank line parts two regions."""
    for number, insertion in enumerate(insertions):
        if insertion.spaced:
            if number:
                yield " " * insertions[number - 1].depth + CLOSE
            yield ""
        if insertion.spaced or not number:
            yield " " * insertion.depth + OPEN
        for line in insertion.text.splitlines():
            yield " " * insertion.depth + line if line else ""
    yield " " * insertions[-1].depth + CLOSE


def _sections(root: yaml.MappingNode, lines: list[str], wanted: Wanted) -> Iterator[_Insertion]:
    """The template's sections come in their order; one that it lacks has its place, too."""
    last = 0
    missing: list[str] = []
    for name in SECTIONS:
        given = entry(root, name)
        section = wanted.get(name)
        if given is not None:
            if missing:
                yield _Insertion(last, 0, "\n\n".join(missing), spaced=True)
                missing = []
            if isinstance(section, Mapping):
                yield from _mapping(given, lines, section, spaced=name == "Resources")
            last = last_line(given, lines)
        elif section:
            missing.append(_written(name, section, spaced=name == "Resources"))
    if missing:
        yield _Insertion(last, 0, "\n\n".join(missing), spaced=True)


def _mapping(
    node: yaml.Node, lines: list[str], wanted: Wanted, *, spaced: bool = False
) -> Iterator[_Insertion]:
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise TemplateError(f"line {node.start_mark.line + 1}: write this in block style")
    missing = []
    for key, want in wanted.items():
        given = entry(node, key)
        if given is None:
            missing.append(_written(key, want, spaced=False))
        elif isinstance(want, Items):
            yield _items(given, lines, want)
        elif isinstance(want, Mapping):
            yield from _mapping(given, lines, want)
    if missing:
        glue = "\n\n" if spaced else "\n"
        depth = node.start_mark.column
        yield _Insertion(last_line(node, lines), depth, glue.join(missing), spaced)


def _items(node: yaml.Node, lines: list[str], wanted: Items) -> _Insertion:
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise TemplateError(f"line {node.start_mark.line + 1}: write this list in block style")
    text = "\n".join(wanted.texts)
    return _Insertion(last_line(node, lines), node.start_mark.column, text, spaced=False)


def _written(key: str, want: Wanted | Items | str, *, spaced: bool) -> str:
    match want:
        case str():
            return want.strip("\n")
        case Items():
            inner = "\n".join(want.texts)
        case _:
            glue = "\n\n" if spaced else "\n"
            inner = glue.join(_written(name, each, spaced=False) for name, each in want.items())
    return f"{key}:\n{indent(inner, ' ' * _STEP)}"


def entry(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """Return what a mapping has under *key*."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                found: yaml.Node = value
                return found
    return None


def last_line(node: yaml.Node, lines: list[str]) -> int:
    """Return a node's last line, counted from 1; blanks and comments after it do not count."""
    match node:
        case yaml.MappingNode(flow_style=False):
            return max(last_line(value, lines) for _, value in node.value)
        case yaml.SequenceNode(flow_style=False):
            return max(last_line(value, lines) for value in node.value)
        case yaml.ScalarNode(style="|" | ">"):
            last: int = node.end_mark.line
            while not lines[last - 1].strip():
                last -= 1
            return last
    end: int = node.end_mark.line + 1
    return end
