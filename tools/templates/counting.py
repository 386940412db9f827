"""How much of a template is written by hand: in lines, and in lines and nodes of block style.

Braces and brackets put many nodes on a line; block style gives each its own, so that what is
counted in it does not depend on how a template is written.
"""

from dataclasses import dataclass

import yaml

from tools.local.templates import Loader
from tools.templates.completion import entry, last_line
from tools.templates.markers import by_hand


@dataclass(frozen=True, slots=True)
class Size:
    """What something takes: lines as written, lines in block style, nodes of YAML."""

    lines: int
    block_lines: int
    nodes: int

    def __add__(self, other: "Size") -> "Size":
        return Size(
            self.lines + other.lines,
            self.block_lines + other.block_lines,
            self.nodes + other.nodes,
        )


def size(text: str) -> Size:
    """Return what is written by hand of a whole template; comments count, blank lines do not."""
    hand = by_hand(text)
    lines = sum(bool(line.strip()) for line in hand.splitlines())
    root = yaml.compose(hand, Loader=Loader)
    return Size(lines, _block_lines(root), _nodes(root)) if root else Size(lines, 0, 0)


def resource_sizes(text: str) -> dict[str, Size]:
    """Return what is written by hand of each resource, by logical id."""
    hand = by_hand(text)
    lines = hand.splitlines()
    resources = entry(yaml.compose(hand, Loader=Loader), "Resources")
    if not isinstance(resources, yaml.MappingNode):
        return {}
    return {
        key.value: Size(
            last_line(value, lines) - key.start_mark.line,
            1 + _block_lines(value),
            1 + _nodes(value),
        )
        for key, value in resources.value
    }


def _nodes(node: yaml.Node) -> int:
    match node:
        case yaml.MappingNode():
            return 1 + sum(_nodes(key) + _nodes(value) for key, value in node.value)
        case yaml.SequenceNode():
            return 1 + sum(map(_nodes, node.value))
    return 1


def _block_lines(node: yaml.Node) -> int:
    """The lines of what stands below a key or after a dash."""
    match node:
        case yaml.MappingNode():
            return sum(_own_line(value) for _, value in node.value)
        case yaml.SequenceNode():
            return sum(max(1, _block_lines(item)) for item in node.value)
        case yaml.ScalarNode(style="|" | ">"):
            return len(node.value.splitlines())
    return 0


def _own_line(value: yaml.Node) -> int:
    return 1 + _block_lines(value)
