"""Imports a handler as Lambda does and prints what that loaded: `FOLDER PATH…`, run with `-S -E`.

Standard library only: it runs on nothing but the paths it is given. Prints one JSON list: full
names of our modules, top-level names of everybody else's; the standard library is left out.
"""

import importlib
import json
import sys

# botocore prefers certifi's certificates where it finds them: on a developer's machine only.
_NOT_COUNTED = {"__main__", "handler", "certifi"}


def loaded(modules: list[str]) -> list[str]:
    found = set()
    for name in modules:
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names | _NOT_COUNTED or top.startswith("_sysconfigdata"):
            continue
        found.add(name if top == "shared" else top)
    return sorted(found)


if __name__ == "__main__":
    sys.path[0:1] = sys.argv[1:]
    importlib.import_module("handler")
    sys.stdout.write(json.dumps(loaded(list(sys.modules))) + "\n")
