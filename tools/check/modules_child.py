"""Imports a handler as Lambda does and prints what that loaded: `FOLDER PATH…`, run with `-S -E`.

Standard library only: it runs on nothing but the paths it is given. Prints a JSON object:
``modules``, full names of ours and top-level names of everybody else's without the standard
library's, and ``models``, the services whose model botocore has read.
"""

import importlib
import json
import sys
from pathlib import PurePath
from typing import Any

# botocore prefers certifi's certificates where it finds them: on a developer's machine only.
_NOT_COUNTED = {"__main__", "__mp_main__", "handler", "certifi"}


def loaded(modules: list[str]) -> list[str]:
    found = set()
    for name in modules:
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names | _NOT_COUNTED or top.startswith("_sysconfigdata"):
            continue
        found.add(name if top == "shared" else top)
    return sorted(found)


def model_in(path: str) -> str:
    """The service whose model lies at *path*, or nothing: botocore/data/<service>/<version>/…."""
    parts = PurePath(path).parts
    if "botocore" not in parts or not parts[-1].startswith("service-2.json"):
        return ""
    return parts[-3]


if __name__ == "__main__":
    sys.path[0:1] = sys.argv[1:]
    models: set[str] = set()

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str):
            models.add(model_in(arguments[0]))

    sys.addaudithook(watch)
    importlib.import_module("handler")
    found = {"modules": loaded(list(sys.modules)), "models": sorted(models - {""})}
    sys.stdout.write(json.dumps(found) + "\n")
