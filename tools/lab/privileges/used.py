"""What the functions were seen to do: the record of a test run, its resources named."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.lab.privileges.symbols import ACCOUNT, REGION, System

UNKNOWN = "?"
_PART = re.compile(r"(\w+)\[(\d+)\]")
_AT = f"{REGION}:{ACCOUNT}"
_FORMS = {"dynamodb": "table/{name}", "events": "event-bus/{name}", "ses": "identity/{name}"}


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One action on one resource; *resource* is `UNKNOWN` where nothing says which it was."""

    function: str
    action: str
    resource: str


def used(system: System, folder: Path, without: Collection[str] = ()) -> set[Use]:
    """Return what the record in *folder* holds, every process's share of it.

    What was seen in tests of the tiers *without* counts as not seen.
    """
    functions = system.functions()
    return {
        Use(line["function"], _permission(line["action"]), _resource(system, functions, line))
        for line in lines(folder)
        if line["function"] in functions
        and not set(without).intersection(line.get("tiers", "").split(","))
    }


def _permission(action: str) -> str:
    """Return the permission that *action* needs: SQS knows none for its batches."""
    service, _, name = action.partition(":")
    return f"{service}:{name.removesuffix('Batch')}" if service == "sqs" else action


def lines(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield everything in the record in *folder*."""
    for file in sorted(folder.glob("*.jsonl")):
        for text in file.read_text("utf-8").splitlines():
            yield json.loads(text)


def _resource(
    system: System, functions: Mapping[str, tuple[str, str]], line: Mapping[str, str]
) -> str:
    if "resource" in line:  # an emulator named it
        return line["resource"]
    service, logical_id = functions[line["function"]]
    by = line["by"]
    if by == "(event source)":
        return system.event_source(service, logical_id) or UNKNOWN
    variables = system.environment(service, logical_id)
    part = _PART.fullmatch(by)
    if part and part[1] in variables:
        name = re.split("[,=]", variables[part[1]])[int(part[2])]
    elif by in variables:
        name = variables[by]
    elif by.startswith("?") and _is_symbolic(system, by[1:]):
        name = by[1:]
    else:
        return UNKNOWN
    return _arn(line["action"], name, line["index"])


def _is_symbolic(system: System, name: str) -> bool:
    service, _, logical_id = name.partition("-")
    return logical_id in system.templates.get(service, {"Resources": {}})["Resources"]


def _arn(action: str, name: str, index: str) -> str:
    """Return the ARN that IAM checks *action* against."""
    if name.startswith("arn:"):
        return name
    service = action.partition(":")[0]
    if service == "appconfig" and "/" not in name:
        name = f"deploymentstrategy/{name}"
    elif service == "appconfig":
        parts = zip(("application", "environment", "configuration"), name.split("/"), strict=True)
        name = "/".join(f"{kind}/{part}" for kind, part in parts)
    elif service == "sqs":
        name = name.rpartition("/")[2]
    else:
        name = _FORMS.get(service, "{name}").format(name=name)
    return f"arn:aws:{service}:{_AT}:{name}" + (f"/index/{index}" if index else "")
