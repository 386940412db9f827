"""Which AWS services the deployed code calls, read from the code.

``python -m tools.build.botocore_services`` writes ``layers/core/botocore-services.txt``,
the services whose models the core layer keeps; a test fails when file and code disagree.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.entry.arguments import Parser
from tools.entry.guard import ToolError, guarded

ROOT = Path(__file__).parents[2]
LIST = ROOT / "layers/core/botocore-services.txt"
# The factory every client comes from; its own `create_client` call takes the name as an argument.
FACTORY = Path("shared/platform/aws/clients.py")
_MAKERS = frozenset({"busy_client", "client", "create_client", "impatient_client"})


class UnreadableServiceError(ToolError):
    """A client whose service is not a literal: nobody can tell what the layer must keep."""


def services(root: Path = ROOT) -> list[str]:
    """Botocore's names of the services in use, sorted; raises `UnreadableServiceError`."""
    found: set[str] = set()
    for folder in ("shared", "functions"):
        for path in (root / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found.update(_services_in(tree, path.relative_to(root)))
    return sorted(found)


def _services_in(tree: ast.Module, path: Path) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _called(node.func) not in _MAKERS:
            continue
        match node.args:
            case [ast.Constant(value=str(name)), *_]:
                yield name
            case _ if path != FACTORY:
                raise UnreadableServiceError(f"{path}:{node.lineno}: name the service literally")


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


@guarded
def main(arguments: Sequence[str]) -> int:
    """Write the list."""
    Parser(description=__doc__).parse_args(arguments)
    LIST.write_text("\n".join(services()) + "\n", encoding="utf-8")
    print(f"{LIST.relative_to(ROOT)}: {', '.join(services())}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
