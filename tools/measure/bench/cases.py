"""What is benched: every function of the templates, with what its template says about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tools.check.project import ROOT, answers_the_rest, functions_of
from tools.entry.names import UnknownName, nearest
from tools.lab.privileges.symbols import System

Kind = Literal["http", "consumer", "other"]
"""``other``: the authorizer, scheduled jobs and tasks that people invoke; no FastAPI either."""

CATCH_ALL = "$default"


@dataclass(frozen=True, slots=True)
class Case:
    """One function; ``route`` is method and path of an HTTP function's first endpoint."""

    function: str
    kind: Kind
    route: tuple[str, str] = ("", "")

    @property
    def context(self) -> str:
        return self.function.partition("/")[0]

    @property
    def use_case(self) -> str:
        return self.function.partition("/")[2]

    @property
    def handler(self) -> Path:
        return ROOT / "functions" / self.context / self.use_case / "handler.py"

    @property
    def gets_by_id(self) -> bool:
        """Whether it reads the one thing that its path ends with."""
        return self.use_case.startswith("get_") and self.route[1].endswith("}")


def cases(system: System) -> list[Case]:
    """Every function of every service, by context as the templates have them.

    But for those of what no route matches: what they answer is refused, and no work is in it.
    """
    return [
        Case(function, *_triggered(functions_of(system.templates[service])[logical_id]))
        for function, (service, logical_id) in system.functions().items()
        if not answers_the_rest(function.partition("/")[2])
    ]


def _triggered(properties: dict[str, Any]) -> tuple[Kind, tuple[str, str]]:
    events = properties.get("Events", {}).values()
    for event in events:
        known = event["Properties"]
        if event["Type"] == "HttpApi" and known["Path"] != CATCH_ALL:
            return "http", (known["Method"].upper(), known["Path"])
    fed = any(event["Type"] in ("SQS", "DynamoDB") for event in events)
    return ("consumer" if fed else "other"), ("", "")


def named(found: Iterable[Case], wanted: Iterable[str]) -> list[Case]:
    """Those of *found* that *wanted* names in full, by use case or by context; all for nothing.

    `UnknownName` says which name fits none.
    """
    known, chosen = list(found), list(wanted)
    fitting = {
        name: [each for each in known if name in (each.function, each.use_case, each.context)]
        for name in chosen
    }
    for name, fits in fitting.items():
        if not fits:
            names = {each.function for each in known} | {each.context for each in known}
            raise UnknownName(f"There is no function named {name}.{nearest(name, names)}")
    return [each for each in known if not chosen or any(each in f for f in fitting.values())]
