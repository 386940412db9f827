"""Write into built templates what only the build knows: the release, and what functions run.

Not by the defaults of parameters: `sam deploy` hands every parameter of a stack that exists its
previous value, so the first release's would stay for ever. A reference to `Release` is replaced by
the name, and the empty `AutoPublishCodeSha256` of a function by its fingerprint: SAM publishes a
version of the function when that changes (docs/adr/0028).
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.build.target import BuildError
from tools.check.project import functions_of
from tools.local.templates import parse_template
from tools.templates.completion import entry

RELEASE = "Release"
CODE = "AutoPublishCodeSha256"
Fingerprints = Callable[[str], Mapping[str, str]]
_Span = tuple[int, int, str]


def stamp(folder: Path, name: str, fingerprints: Fingerprints) -> list[Path]:
    """Stamp every template below *folder* that has a place for it.

    *fingerprints* returns those of a service's functions. `BuildError` if there is no such
    template, or a function without a place for its fingerprint.
    """
    stamped = []
    for template in sorted(folder.rglob("template.yaml")):
        text = template.read_text("utf-8")
        fresh = stamped_text(text, name, fingerprints)
        if fresh != text:
            template.write_text(fresh, "utf-8")
            stamped.append(template)
    if not stamped:
        raise BuildError(f"no built template below {folder} refers to {RELEASE}")
    return stamped


def stamped_text(text: str, name: str, fingerprints: Fingerprints) -> str:
    """Return a template with its release named and its functions' fingerprints."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    spans = [*_references(root, name), *_fingerprints(root, text, fingerprints)]
    for start, end, value in sorted(spans, reverse=True):
        text = f'{text[:start]}"{value}"{text[end:]}'
    return text


def _references(node: Any, name: str) -> Iterator[_Span]:
    """Both ways to write one: `!Ref Release`, and as a mapping, as SAM leaves it."""
    match node:
        case yaml.ScalarNode(tag="!Ref", value=value) if value == RELEASE:
            yield node.start_mark.index, node.end_mark.index, name
        case yaml.MappingNode(value=[(yaml.ScalarNode(value="Ref"), referred)]) if (
            referred.value == RELEASE
        ):
            end = node.end_mark if node.flow_style else referred.end_mark
            yield node.start_mark.index, end.index, name
        case yaml.MappingNode():
            for _, value in node.value:
                yield from _references(value, name)
        case yaml.SequenceNode():
            for value in node.value:
                yield from _references(value, name)


def _fingerprints(root: Any, text: str, fingerprints: Fingerprints) -> Iterator[_Span]:
    template = parse_template(text)
    shared = template.get("Globals", {}).get("Function", {})
    service = shared.get("Environment", {}).get("Variables", {}).get("SERVICE")
    if service is None:  # the root composes services, and has no function
        return
    known = fingerprints(service)
    for function in functions_of(template):
        if function not in known:
            raise BuildError(f"{function} of {service} is in no template of the sources")
        node = root
        for key in ("Resources", function, "Properties", CODE):
            node = entry(node, key)
        if not isinstance(node, yaml.ScalarNode):
            raise BuildError(f"{function} of {service} has no {CODE}")
        yield node.start_mark.index, node.end_mark.index, known[function]
