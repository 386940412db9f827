"""Gives every module named an argument that no tool knows: what each answers, as JSON.

One process for all of them, as most of their second goes into imports that they share.
"""

import contextlib
import importlib
import io
import json
import sys

NONSENSE = "--nonsense"


def answer(module: str) -> tuple[object, str]:
    """Return the exit status of *module* and what it said; None for one that went on."""
    sys.argv = [module, NONSENSE]
    said = io.StringIO()
    status: object = None
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            loaded = importlib.import_module(module)
            main = getattr(loaded, "main", None)
            status = main(sys.argv[1:]) if main else None
        except SystemExit as ended:
            status = ended.code
    return status, said.getvalue()


if __name__ == "__main__":
    found = {module: answer(module) for module in sys.argv[1:]}
    sys.stdout.write(json.dumps(found))
