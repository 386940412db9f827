"""The templates and handlers of the repository, and which function is which handler."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.local.templates import Template, load_template

ROOT = Path(__file__).parents[2]

FUNCTION = "AWS::Serverless::Function"
TEMPLATE = "template.yaml"
PARTS = ("", "admin")
"""The stacks that a context may have: `template.yaml`, and `admin.template.yaml` beside it."""


def stacks(root: Path = ROOT) -> dict[str, Path]:
    """The template of every stack that the root composes, by `stack_name`.

    This is the one list of them: whatever goes through the functions goes through it.
    """
    folder = root / "functions"
    found = [*folder.glob(f"*/{TEMPLATE}"), *folder.glob(f"*/*.{TEMPLATE}")]
    # A context's first stack comes before its second.
    return {stack_name(path): path for path in sorted(found, key=lambda p: (p.parent, part_of(p)))}


def contexts(root: Path = ROOT) -> list[str]:
    """The contexts that have functions."""
    return sorted({path.parent.name for path in stacks(root).values()})


def template_paths(root: Path = ROOT) -> list[Path]:
    """The root template, where there is one, and every stack's."""
    top = root / TEMPLATE
    return [*([top] if top.exists() else []), *stacks(root).values()]


def template_of(context: str, part: str = "", root: Path = ROOT) -> Path:
    """Where the template of a context's stack is, or would be."""
    return root / "functions" / context / (f"{part}.{TEMPLATE}" if part else TEMPLATE)


def part_of(path: Path) -> str:
    """Which stack of its context a template is: `admin` of `admin.template.yaml`, or nothing."""
    return path.name.removesuffix(TEMPLATE).removesuffix(".")


def stack_name(path: Path) -> str:
    """`catalog` of `catalog/template.yaml`, `catalog_admin` of `catalog/admin.template.yaml`."""
    part = part_of(path)
    return f"{path.parent.name}_{part}" if part else path.parent.name


def declaring(handler: Path) -> tuple[Path, str]:
    """The template that has the function with this handler, and its logical id there."""
    folder = handler.parents[1]
    (found,) = (
        (path, name)
        for path in [*folder.glob(TEMPLATE), *folder.glob(f"*.{TEMPLATE}")]
        for name, properties in functions_of(load_template(path)).items()
        if folder / properties["CodeUri"] / handler.name == handler
    )
    return found


def answers_the_rest(use_case: str) -> bool:
    """Whether this is the function of what no route of an API matches; every API has its own."""
    return use_case in [f"unmatched_{part}" if part else "unmatched" for part in PARTS]


def functions_of(template: Template) -> dict[str, dict[str, Any]]:
    """Logical id → properties of the functions that a template declares."""
    resources: Mapping[str, dict[str, Any]] = template["Resources"]
    return {
        name: resource["Properties"]
        for name, resource in resources.items()
        if resource["Type"] == FUNCTION
    }


def handlers(root: Path = ROOT) -> list[Path]:
    """Every `functions/<context>/<use case>/handler.py`."""
    return sorted((root / "functions").glob("*/*/handler.py"))


def declared_handlers(path: Path) -> dict[str, Path]:
    """Logical id → handler file of the functions in the template at *path*."""
    declared = functions_of(load_template(path))
    return {
        name: path.parent / properties["CodeUri"] / "handler.py"
        for name, properties in declared.items()
    }
