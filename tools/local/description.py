"""The running stack as other processes and tests see it: what `stack.json` holds."""

import json
import os
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tools.local.errors import NotRunning
from tools.local.options import ACCOUNT_ID, REGION

LOG_GROUP = "LogGroup"
"""What the logical id of a function's log group ends in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStack:
    """One deployed service. Names are physical; keys are as in its template.

    *functions* are keyed by use case, such as ``place_order``; *resources* has all physical ids
    by logical id.
    """

    name: str
    outputs: dict[str, str]
    functions: dict[str, str]
    tables: dict[str, str]
    queues: dict[str, str]
    resources: dict[str, str]

    def log_groups(self) -> dict[str, str]:
        """Return the functions by their log groups."""
        return {
            group: self.resources[f"{logical_id.removesuffix(LOG_GROUP)}Function"]
            for logical_id, group in self.resources.items()
            if logical_id.endswith(LOG_GROUP)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Everything needed to use a running stack.

    *pids*: ``run`` serves the front door and, when it ends, ends ``emulator``. *outputs* are the
    root stack's.
    """

    base_url: str = ""
    endpoint: str = ""
    region: str = REGION
    account_id: str = ACCOUNT_ID
    access_key_id: str = ""
    secret_access_key: str = ""
    log_dir: str = ""
    pids: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    services: dict[str, ServiceStack] = field(default_factory=dict)

    def write(self, file: Path) -> None:
        """Put it at *file*, whole or not at all; it has the run's key, so it is the owner's."""
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".part")
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")
        partial.replace(file)


def read_description(file: Path) -> Description:
    """Read the description of a stack that runs; `NotRunning` if none does."""
    try:
        data = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise NotRunning("No local stack is running here. Start one with: make run") from None
    except ValueError:
        raise NotRunning(
            f"{file} cannot be read. Stop the local stack, remove the file, and start it with: "
            "make run"
        ) from None
    if not is_alive(data["pids"]["run"]):
        raise NotRunning("The local stack has ended without a word. Start it with: make run")
    services = {name: ServiceStack(**entry) for name, entry in data.pop("services").items()}
    return Description(**data, services=services)


def is_alive(pid: int) -> bool:
    """Tell whether a process of this id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def use_case_name(logical_id: str) -> str:
    """`PlaceOrderFunction` → `place_order`, the name of its folder."""
    words = re.findall(r"[A-Z][a-z0-9]*", logical_id.removesuffix("Function"))
    return "_".join(words).lower()
