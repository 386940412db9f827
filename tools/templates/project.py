"""The templates of a project as they should be."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.check.project import PARTS, part_of, stacks
from tools.templates.complete_root import complete_root
from tools.templates.complete_service import complete_service
from tools.templates.errors import TemplateError
from tools.templates.markers import by_hand
from tools.templates.service import CATCH_ALL, RELAY, Service

_PARAMETER = re.compile(r"\{[^}]+\}")


def completed(root: Path) -> dict[Path, str]:
    """Return the whole text of every template, made from what is written by hand in it.

    `TemplateError` says which template cannot be completed, and why.
    """
    services: dict[str, Service] = {}
    texts: dict[str, str] = {}
    found: dict[Path, str] = {}
    for stack, path in stacks(root).items():
        with _named(path, root):
            context, part = path.parent.name, part_of(path)
            first = services.get(context) if part else None
            service = Service.read(context, path.read_text("utf-8"), part, first)
            _check(service)
            services[stack] = service
            texts[stack] = found[path] = complete_service(service)
    if (top := root / "template.yaml").exists():
        with _named(top, root):
            found[top] = complete_root(by_hand(top.read_text("utf-8")), services, texts)
    return found


def _check(service: Service) -> None:
    """A context's second stack has its own functions, and what the first has as parameters."""
    if not service.part:
        return
    if service.part not in PARTS:
        known = ", ".join(filter(None, PARTS))
        raise TemplateError(f"a context has no stack {service.part}; it may have {known}")
    if service.first is None:
        raise TemplateError("there is no template.yaml beside it")
    if RELAY in service.functions:
        raise TemplateError(f"{RELAY}Function stays with the table in template.yaml")
    if both := service.functions.keys() & service.first.functions.keys():
        raise TemplateError(f"{min(both)}Function is in template.yaml, too")
    if routes := _routes(service) & _routes(service.first):
        raise TemplateError(f"{' '.join(min(routes))} is in template.yaml, too")
    if not service.strangers:
        return
    if "Table" in service.strangers:
        raise TemplateError("the table is in template.yaml: write !Ref TableName, !Ref TableArn")
    raise TemplateError(
        f"{service.strangers[0]} is in template.yaml: let that give it out under Outputs, and "
        "take it under Parameters by the same name"
    )


def _routes(service: Service) -> set[tuple[str, str]]:
    return {
        (event["Method"].upper(), _PARAMETER.sub("{}", event["Path"]))
        for name in service.functions
        for event in service.http_events(name)
        if event["Path"] != CATCH_ALL
    }


@contextmanager
def _named(path: Path, root: Path) -> Iterator[None]:
    try:
        yield
    except TemplateError as error:
        raise TemplateError(f"{path.relative_to(root)}: {error}") from None
