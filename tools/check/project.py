"""The templates and handlers of the repository, and which function is which handler."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.local.templates import Template, load_template

ROOT = Path(__file__).parents[2]

FUNCTION = "AWS::Serverless::Function"


def template_paths(root: Path = ROOT) -> list[Path]:
    """The root template, where there is one, and every service's."""
    candidates = [root / "template.yaml", *sorted((root / "functions").glob("*/template.yaml"))]
    return [path for path in candidates if path.exists()]


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
