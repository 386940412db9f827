"""What is wanted: a use case of a context, with the route or the event that starts it."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.check.project import PARTS, contexts
from tools.docs.catalogue import routes
from tools.new.errors import CannotMake

_USE_CASE = re.compile(r"([a-z][a-z_]*)/([a-z][a-z0-9]*(?:_[a-z0-9]+)+)")
_ROUTE = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/[a-z0-9_{}/.-]+)")
_DECLARED = re.compile(r'^    type(?:: ClassVar\[str\])? = "([a-z_]+\.[a-z_]+)"', re.MULTILINE)
_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A use case to be made; ``route`` is method and path, or else there is an ``event``."""

    context: str
    use_case: str
    route: tuple[str, str] | None = None
    event: str = ""
    source: str = ""
    """The context that publishes the event."""
    part: str = ""
    """Which stack of the context it goes to."""

    @property
    def class_name(self) -> str:
        """The name of its message; the template's entry begins with it, too."""
        return "".join(word.capitalize() for word in self.use_case.split("_"))

    @property
    def purpose(self) -> str:
        """What it is for, as far as its name says it."""
        return self.use_case.replace("_", " ")

    @property
    def kind(self) -> str:
        """Which folder of the context it goes to."""
        return "queries" if self.route and self.route[0] == "GET" else "use_cases"

    @property
    def parameters(self) -> list[str]:
        """The names in its path."""
        return _PARAMETER.findall(self.route[1]) if self.route else []


def understood(root: Path, use_case: str, route: str, event: str, part: str = "") -> Wanted:
    """Read what was asked for; `CannotMake` says what of it makes no sense here."""
    named = _USE_CASE.fullmatch(use_case)
    if not named:
        raise CannotMake(
            f"USE_CASE={use_case} is not <context>/<verb>_<noun>, such as orders/list_orders."
        )
    context, name = named.groups()
    _known("context", context, contexts(root))
    if part not in PARTS:
        known = ", ".join(filter(None, PARTS))
        raise CannotMake(f"STACK={part} is none that a context may have; there is {known}.")
    if (root / "functions" / context / name).exists():
        raise CannotMake(f"functions/{context}/{name} is there already.")
    if bool(route) == bool(event):
        raise CannotMake('Say either ROUTE="GET /api/v1/…" or EVENT=<type of event>.')
    if event:
        source = publishers(root)
        _known("event", event, source)
        return Wanted(context=context, use_case=name, event=event, source=source[event], part=part)
    said = _ROUTE.fullmatch(route)
    if not said:
        raise CannotMake(
            f'ROUTE="{route}" is not a method and a path, such as "GET /api/v1/orders/all".'
        )
    method, path = said.groups()
    for taken in routes(root):
        if (taken.method, _shape(taken.path)) == (method, _shape(path)):
            raise CannotMake(f"{route} is {taken.function}'s.")
    return Wanted(context=context, use_case=name, route=(method, path), part=part)


def publishers(root: Path) -> dict[str, str]:
    """Return the context that publishes each event: the one that declares its class."""
    return {
        declared: path.relative_to(root).parts[1]
        for path in (root / "shared").rglob("*.py")
        for declared in _DECLARED.findall(path.read_text("utf-8"))
        if path.relative_to(root).parts[1] not in ("kernel", "platform")  # every context's
    }


def _known(what: str, name: str, names: Iterable[str]) -> None:
    listed = sorted(names)
    if name not in listed:
        near = difflib.get_close_matches(name, listed, n=3, cutoff=0.4) or listed
        raise CannotMake(f"There is no {what} {name}; there is {', '.join(near)}.")


def _shape(path: str) -> str:
    return _PARAMETER.sub("{}", path)
