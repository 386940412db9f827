"""`python -m tools.operate.send CONTEXT MESSAGE JSON`: carry out a command as a function would.

For whoever looks into a system with AWS credentials in hand: the message goes over the bus to the
handler that the context's wiring builds, with ``TABLE_NAME`` and whatever else its functions have
in their environment. Without a message it lists what the context takes. Commands change things.
"""

import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from shared.kernel.events import plain
from shared.platform.entry.dispatch import MessageBus
from shared.platform.runtime.context import request_context
from shared.platform.runtime.services import services
from tools.check.project import ROOT
from tools.entry.arguments import Parser
from tools.entry.guard import ToolError, guarded
from tools.entry.names import known as known_name

ACTOR = "tools.operate.send"


def handlers_of(context: str) -> Iterator[type[Any]]:
    """Yield the handlers of a context's use cases and queries."""
    for layer in ("use_cases", "queries"):
        folder = ROOT / "shared" / context / layer
        for module in pkgutil.iter_modules([str(folder)]):
            name = f"shared.{context}.{layer}.{module.name}"
            for found in vars(importlib.import_module(name)).values():
                is_own = getattr(found, "__module__", None) == name
                if is_own and isinstance(found, type) and found.__name__.endswith("Handler"):
                    yield found


def bus_of(context: str) -> MessageBus:
    """Return the bus of one context, its services wired as in its functions."""
    importlib.import_module(f"shared.{context}.wiring")
    bus = MessageBus(services)
    bus.register(*handlers_of(context))
    return bus


def contexts() -> list[str]:
    """Return the contexts that have use cases or queries."""
    found = (path.parent.name for path in Path(ROOT, "shared").glob("*/wiring.py"))
    return sorted(name for name in found if any(handlers_of(name)))


@guarded
def main(arguments: list[str] | None = None) -> int:
    """Send the message and print the answer as JSON; return the exit status."""
    parser = Parser(prog="python -m tools.operate.send")
    parser.add_argument("context", help=", ".join(contexts()))
    parser.add_argument("message", nargs="?", help="such as GetStock")
    parser.add_argument("data", nargs="?", default="{}", help="its fields as JSON")
    asked = parser.parse_args(arguments)
    known_name(asked.context, contexts(), "context")
    os.environ.setdefault("SERVICE", asked.context)
    bus = bus_of(asked.context)
    known = {message.__name__: message for message in bus.messages}
    if asked.message is None:
        for name, message in sorted(known.items()):
            print(f"{name}({', '.join(field.name for field in fields(message))})")
        return 0
    kind = known[known_name(asked.message, known, f"message of {asked.context}")]
    try:
        message = kind(**json.loads(asked.data))
    except (TypeError, ValueError) as wrong:
        raise ToolError(f"That is no {asked.message}: {wrong}") from wrong
    with request_context(actor=ACTOR):
        answer = bus.send(message)
    print(json.dumps(plain(answer), default=str, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
