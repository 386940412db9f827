"""The one way into every tool: what goes wrong is a sentence and what to do, never a traceback.

    @guarded
    def main(arguments: Sequence[str] | None = None) -> int: ...

    if __name__ == "__main__":
        raise SystemExit(main())

Exit statuses: 0 done, 1 done and the verdict is bad, 2 not done (the sentence says why), 130
stopped by Ctrl-C. Standard library only: what `sam build` runs comes this way too.
"""

import functools
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ParamSpec

P = ParamSpec("P")

NOT_DONE, STOPPED = 2, 130
TRACEBACK = Path(__file__).parents[2] / "build" / "last-error.log"
WISH = "TRADEWIND_TRACEBACK"
"""The variable with which a developer of the tools asks for tracebacks."""


class ToolError(Exception):
    """A tool cannot do what was asked: the message says why, and what to do.

    *reasons* are further lines, one for each part of what went wrong.
    """

    def __init__(self, message: str, reasons: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.reasons = list(reasons)


def guarded(main: Callable[P, int]) -> Callable[P, int]:
    """Return *main* with every exception turned into an exit status and words on stderr."""

    @functools.wraps(main)
    def answer(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return main(*args, **kwargs)
        except KeyboardInterrupt as interrupt:
            say(str(interrupt) or "Stopped.")
            return STOPPED
        except BrokenPipeError:  # the reader has seen enough, as in `make logs | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except Exception as error:  # noqa: BLE001  # see the module's docstring
            if os.environ.get(WISH):
                traceback.print_exc()
            say(*explained(error))
            return NOT_DONE

    return answer


def say(first: str, *others: str) -> None:
    """Write to standard error, red on a terminal."""
    text = "\n  ".join((first, *others))
    is_red = coloured(sys.stderr.isatty())
    print(f"\x1b[31m{text}\x1b[0m" if is_red else text, file=sys.stderr, flush=True)


def coloured(is_terminal: bool) -> bool:  # noqa: FBT001  # the one thing that is asked
    """Tell whether to write colours: to a terminal, unless NO_COLOR is set (no-color.org)."""
    return is_terminal and not os.environ.get("NO_COLOR")


def explained(error: Exception) -> list[str]:
    """Return the lines that tell a person of *error*."""
    return explained_if_known(error) or _unexpected(error)


def explained_if_known(error: Exception) -> list[str]:
    """Return the same; nothing for what nobody foresaw."""
    if isinstance(error, ToolError):
        return [str(error), *error.reasons]
    from tools.entry.explaining import explanation  # noqa: PLC0415  # only where something is wrong

    return explanation(error)


def _unexpected(error: Exception) -> list[str]:
    said = str(error).strip().splitlines() or [""]
    lines = [f"Unexpected {type(error).__name__}: {said[0]}".removesuffix(": ")]
    try:
        TRACEBACK.parent.mkdir(exist_ok=True)
        TRACEBACK.write_text("".join(traceback.format_exception(error)), "utf-8")
    except OSError:
        return [*lines, f"Once more with {WISH}=1 shows where."]
    return [*lines, f"A bug, most likely. Where it is: {TRACEBACK}"]
