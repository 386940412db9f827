"""What `make build` made and what it weighs: ``python -m tools.build.weigh``.

Exits with 1 when something is over its limit, was compiled for another runtime than its template
names, or when nothing was built.
"""

import io
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.build.bytecode import check
from tools.build.declared import LAYER, layers_of, limit
from tools.build.target import BuildError
from tools.check.project import FUNCTION, ROOT
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.local.templates import Template, load_template

ZIP_LIMIT = 20_000
"""Bytes of a function without its layers."""


@guarded
def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    Parser(description=__doc__).parse_args(arguments)
    built = list((root / ".aws-sam" / "services").glob("*/template.yaml"))
    problems = [problem for path in built for problem in weigh(path)]
    for problem in problems:
        print(f"FAILED {problem}")
    if not built:
        print("FAILED nothing was built")
    return 1 if problems or not built else 0


def weigh(template_path: Path) -> Iterator[str]:
    """What is wrong with a built service; prints its weights."""
    template = load_template(template_path)
    runtime = template["Parameters"]["PythonVersion"]["Default"].removeprefix("python")
    layers = _artifacts(template_path, template, LAYER, "ContentUri")
    functions = _artifacts(template_path, template, FUNCTION, "CodeUri")
    sizes = {name: unzipped_size(folder) for name, folder in layers.items()}
    zips = {name: zipped_size(folder) for name, folder in functions.items()}
    service = template_path.parent.name
    print(
        f"{service}: {_megabytes(sizes)} MB unzipped, {len(zips)} functions, "
        f"largest zip {max(zips.values(), default=0)} bytes"
    )
    for name in functions:
        size = sum(sizes[layer] for layer in layers_of(template, name))
        if size > limit(template, name):
            yield f"{service}: {name} has {size} bytes of layers, limit {limit(template, name)}"
    yield from (f"{service}: {n} is {s} bytes zipped" for n, s in zips.items() if s > ZIP_LIMIT)
    for name, folder in {**layers, **functions}.items():
        compiled = list(folder.rglob("*.pyc"))
        if not compiled:
            yield f"{service}: {name} has no bytecode"
        try:
            for path in compiled:
                check(path, runtime)
        except BuildError as error:
            yield f"{service}: {error}"


def _megabytes(sizes: dict[str, int]) -> str:
    return " + ".join(
        f"{name.removesuffix('Layer')} {size / 1e6:.1f}" for name, size in sizes.items()
    )


def unzipped_size(folder: Path) -> int:
    """Bytes of all files below *folder*."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def zipped_size(folder: Path) -> int:
    """Bytes of *folder* as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.rglob("*"):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return buffer.tell()


def _artifacts(path: Path, template: Template, kind: str, uri: str) -> dict[str, Path]:
    return {
        name: path.parent / resource["Properties"][uri]
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
