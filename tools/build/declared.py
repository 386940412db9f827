"""Which layers the functions of a template have, and how heavy these may be."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from tools.check.project import declaring, functions_of
from tools.local.templates import Template, load_template

LAYER = "AWS::Serverless::LayerVersion"
SHARED = "shared"
MOST = 5
"""Layers that Lambda takes for one function."""

# Bytes that all layers of a function may have unzipped.
CONSUMER_LIMIT, HTTP_LIMIT, CRYPTO_LIMIT = 20_000_000, 30_000_000, 60_000_000
_FEEDS = frozenset({"DynamoDB", "SQS"})


def layers_of(
    template: Template, function: str, holding: Collection[str] | None = None
) -> list[str]:
    """Logical ids of the layers of a function, its own after everybody's.

    Under a condition there are those that it gives where the conditions of *holding* hold and no
    others; None stands for all that there may be.
    """
    everybodys = template.get("Globals", {}).get("Function", {}).get("Layers", [])
    own = functions_of(template)[function].get("Layers", [])
    return list(_chosen([*everybodys, *own], holding))


def _chosen(items: Iterable[Any], holding: Collection[str] | None) -> Iterator[str]:
    for item in items:
        match item:
            case {"Fn::If": [condition, yes, no]}:
                branches = [yes, no] if holding is None else [yes if condition in holding else no]
                yield from _chosen(branches, holding)
            case {"Ref": "AWS::NoValue"}:
                pass
            case {"Ref": str(layer)}:
                yield layer


def name_of(template: Template, layer: str) -> str:
    """The folder of `layers/` that a layer is built from, or `shared`."""
    return Path(template["Resources"][layer]["Properties"]["ContentUri"]).name


def limit(template: Template, function: str) -> int:
    """How many bytes the layers of a function may have unzipped, by what it is for."""
    events = functions_of(template)[function].get("Events", {}).values()
    kinds = {event["Type"] for event in events}
    if "CryptoLayer" in layers_of(template, function) and not kinds & _FEEDS:
        return CRYPTO_LIMIT
    return HTTP_LIMIT if "HttpApi" in kinds else CONSUMER_LIMIT


def names_for(handler: Path, holding: Collection[str] | None = ()) -> list[str]:
    """`layers_of` the function with this handler, by the folders that they are built from."""
    template, function = _declared(handler)
    return [name_of(template, layer) for layer in layers_of(template, function, holding)]


def limit_for(handler: Path) -> int:
    """`limit` of the function with this handler."""
    return limit(*_declared(handler))


def _declared(handler: Path) -> tuple[Template, str]:
    path, function = declaring(handler)
    return load_template(path), function
