"""Which deployed functions take no part in a run, each with its reason."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tools.check.project import stacks
from tools.local.templates import load_template

ABSENT: Mapping[str, str] = {
    "identity.get_user": "shows a state, as `get_me` does",
    "identity.list_users": "shows an index of states, of which `migrations` sees the places",
    "identity.get_user_permissions": "shows rights, which `rights` sees themselves",
}


def functions_of(root: Path) -> Iterator[str]:
    """Yield the name of every function that a template deploys."""
    for path in stacks(root).values():
        for resource in load_template(path)["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                yield f"{path.parent.name}.{resource['Properties']['CodeUri'].strip('/')}"


def unaccounted(functions: Iterable[str], ran: Iterable[str]) -> set[str]:
    """Return which of *functions* neither *ran* nor have a reason, and reasons without a cause."""
    there, seen = {*functions}, {*ran}
    return (there - seen - ABSENT.keys()) | (ABSENT.keys() & seen) | (ABSENT.keys() - there)
