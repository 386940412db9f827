"""The templates of a project as they should be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.templates.complete_root import complete_root
from tools.templates.complete_service import complete_service
from tools.templates.errors import TemplateError
from tools.templates.markers import by_hand
from tools.templates.service import Service


def completed(root: Path) -> dict[Path, str]:
    """Return the whole text of every template, made from what is written by hand in it.

    `TemplateError` says which template cannot be completed, and why.
    """
    services: dict[str, Service] = {}
    texts: dict[str, str] = {}
    found: dict[Path, str] = {}
    for path in sorted((root / "functions").glob("*/template.yaml")):
        with _named(path, root):
            service = Service.read(path.parent.name, path.read_text("utf-8"))
            services[service.name] = service
            texts[service.name] = found[path] = complete_service(service)
    if (top := root / "template.yaml").exists():
        with _named(top, root):
            found[top] = complete_root(by_hand(top.read_text("utf-8")), services, texts)
    return found


@contextmanager
def _named(path: Path, root: Path) -> Iterator[None]:
    try:
        yield
    except TemplateError as error:
        raise TemplateError(f"{path.relative_to(root)}: {error}") from None
