"""Which paths of the front door lead to which service: read off the services' routes."""

import re
from collections.abc import Mapping, Sequence

from tools.templates.errors import TemplateError

_VERSIONED = re.compile(r"(/api/)(v\d+)(/[^/]+)")
_PARAMETER = re.compile(r"\{[^}]+\}")


def patterns(routes: Mapping[str, Sequence[str]], default: str) -> dict[str, str]:
    """Return service by path pattern; the first that matches a path counts.

    A service owns the collections that it has the shortest routes of, such as `/api/v1/orders*`;
    another's route below it gets a pattern of its own. What is left goes to *default*.
    """
    collections: dict[str, dict[str, list[str]]] = {}
    for service, paths in routes.items():
        for path in paths:
            collections.setdefault(_collection(path), {}).setdefault(service, []).append(path)
    found: dict[str, str] = {}
    for stem, by_service in collections.items():
        owner = _owner(stem, by_service, default)
        for service, paths in by_service.items():
            if service != owner:
                found |= {_PARAMETER.sub("*", path): service for path in paths}
        if owner != default:
            found[_pattern(stem, by_service[owner])] = owner
    # The longer one first: `/api/v1/auth*` also matches what `/api/v1/authors*` is for.
    ordered = dict(sorted(found.items(), key=lambda each: (-len(each[0].rstrip("*")), each[0])))
    _check_owners(routes)
    _check_ways(routes, ordered, default)
    return ordered


def _check_owners(routes: Mapping[str, Sequence[str]]) -> None:
    """The front door looks at the path alone: all methods of one belong to one service."""
    owners: dict[str, str] = {}
    for service, paths in routes.items():
        for path in paths:
            owner = owners.setdefault(_PARAMETER.sub("{}", path), service)
            if owner != service:
                raise TemplateError(
                    f"{path}: both {owner} and {service} have it, and the front door chooses "
                    "between them by the path alone; all its methods go into one of them"
                )


def _check_ways(
    routes: Mapping[str, Sequence[str]], ordered: Mapping[str, str], default: str
) -> None:
    matchers = [
        (re.compile(re.escape(each).replace(r"\*", ".*").replace(r"\?", ".")), service)
        for each, service in ordered.items()
    ]
    for service, paths in routes.items():
        for path in paths:
            asked = _PARAMETER.sub("0", path)
            reached = next((to for each, to in matchers if each.fullmatch(asked)), default)
            if reached != service:
                raise TemplateError(f"{path} of {service} would go to {reached}")


def _collection(path: str) -> str:
    versioned = _VERSIONED.match(path)
    return f"/api/v?{versioned[3]}" if versioned else "/" + path.split("/")[1]


def _owner(stem: str, by_service: Mapping[str, Sequence[str]], default: str) -> str:
    candidates = {
        each: min(map(len, paths)) for each, paths in by_service.items() if each != default
    }
    if not candidates:
        return default
    shortest = min(candidates.values())
    owners = [service for service, length in candidates.items() if length == shortest]
    if len(owners) > 1:
        raise TemplateError(f"{stem}: both {' and '.join(owners)} have its shortest route")
    return owners[0]


def _pattern(stem: str, paths: Sequence[str]) -> str:
    versions = {found[2] for path in paths if (found := _VERSIONED.match(path))}
    if not versions:
        return f"{stem}/*"
    return (stem.replace("v?", min(versions)) if len(versions) == 1 else stem) + "*"
