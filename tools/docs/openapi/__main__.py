"""Writes the OpenAPI document of the whole API: ``python -m tools.docs.openapi [FILE]``."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.check.project import ROOT
from tools.docs.openapi.document import assemble
from tools.docs.openapi.functions import load
from tools.entry.arguments import Parser
from tools.entry.guard import guarded

DEFAULT = ROOT / "build" / "openapi.json"


@guarded
def main(arguments: Sequence[str]) -> int:
    """Write the document; 1 when there is no route at all."""
    parser = Parser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)
    path = parser.parse_args(arguments).file
    endpoints = load()
    document = assemble(endpoints)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    responses = [
        response
        for item in document["paths"].values()
        for operation in item.values()
        for response in operation["responses"].values()
    ]
    links = sum(len(response.get("links", ())) for response in responses)
    schemas = len(document["components"]["schemas"])
    print(f"{path}: {len(endpoints)} operations, {schemas} schemas, {links} links")
    return 0 if endpoints else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
