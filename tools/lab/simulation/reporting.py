"""What a person is shown: progress, sums, and a failing run that is short enough to read."""

import sys
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from tools.lab.simulation.campaign import Tally
    from tools.lab.simulation.exhaustive.enumeration import Enumerated
    from tools.lab.simulation.world.run import Result

_WIDTH = 30
_LAST_LINES = 60


def say(text: object) -> None:
    """Write a line to standard output."""
    sys.stdout.write(f"{text}\n")


class Bar:
    """A progress bar on a terminal, a line every now and then in a file."""

    def __init__(self, what: str, total: int | None) -> None:
        self._what = what
        self._total = total
        self._started = time.monotonic()
        self._lines = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._lines and sys.stderr.isatty():
            sys.stderr.write("\n")

    def show(self, done: int, failed: int) -> None:
        """Say how far it is."""
        rate = done / max(time.monotonic() - self._started, 1e-9)
        text = f"{done} {self._what}, {failed} failed, {rate:.0f}/s"
        if self._total:
            filled = _WIDTH * done // self._total
            left = (self._total - done) / max(rate, 1e-9)
            text = f"[{'#' * filled:{_WIDTH}}] {text}, {left:.0f} s left"
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{text:<100}")
        elif done // 1_000 >= self._lines:
            sys.stderr.write(f"{text}\n")
        else:
            return
        sys.stderr.flush()
        self._lines = done // 1_000 + 1


def show_tally(tally: "Tally", *, seconds: float) -> None:
    """Print what a campaign came to."""
    say(
        f"{tally.seeds} seeds, {tally.steps} steps, {sum(tally.calls.values())} calls to AWS, "
        f"{sum(tally.functions.values())} invocations, {tally.injected} faults injected, "
        f"{tally.redriven} dead letters redriven, {len(tally.violations)} violations, "
        f"{seconds:.0f} s"
    )
    _table("faults", tally.faults)
    _table("invocations", tally.functions)
    _table("calls", tally.calls)
    for seed, violation in sorted(tally.violations.items()):
        say(f"VIOLATION with seed {seed}: {violation}")


def show_enumerated(found: "Enumerated", *, seconds: float) -> int:
    """Print how many crash plans there were; return the exit status."""
    say(
        f"{found.single.total()} single-crash and {found.double.total()} double-crash plans, "
        f"{len(found.violations)} violations, {seconds:.0f} s"
    )
    _table("single", found.single)
    if found.double:
        _table("double", found.double)
    for plan, violation in sorted(found.violations.items()):
        say(f"VIOLATION with {plan}: {violation}\n  replay: make sim PLAN={plan}")
    return 1 if found.violations or not found.plans else 0


def show_run(play: "Callable[[], Result]") -> int:
    """Print the trace of one run and what it violated; return the exit status.

    The time does not go into the trace: it is the only thing here that differs between replays.
    """
    from tools.lab.simulation.world.installing import install  # noqa: PLC0415  # takes a second

    install()
    started = time.monotonic()
    result = play()
    seconds = time.monotonic() - started
    say(result.trace)
    for who, message, fields in result.world.errors:
        stack = str(fields.get("exception", "")).rstrip()
        if stack and result.violation is not None:
            say(f"-- {who}: {message}\n{stack}")
    say(f"trace {result.trace.digest()}")
    sys.stderr.write(f"{result.steps} steps, {result.injected} faults" + "\n")
    sys.stderr.write(f"played in {seconds:.2f} s" + "\n")
    if result.violation is None:
        say("no violation")
        return 0
    say(f"VIOLATION {result.violation}")
    return 1


def explained(seed: int) -> str:
    """Return a failing seed as short as it gets, with the command that replays it."""
    from tools.lab.simulation.shrinking import replay_command, shorten  # noqa: PLC0415
    from tools.lab.simulation.trying import try_seed  # noqa: PLC0415

    failing = try_seed(seed)
    if failing.violation is None:
        return f"seed {seed} does not fail in this process: the simulator is not deterministic"
    short = shorten(failing)
    lines = list(short.result.trace.lines())
    short_faults = f"{short.faults} of {failing.injected} faults"
    short_lines = f"{len(lines)} of {len(failing.trace)} lines"
    return "\n".join(
        [
            f"seed {seed}: {failing.violation}",
            f"  replay: {replay_command(failing.plan)}",
            f"  shortest prefix that fails: {short_faults}, {short_lines} ({short.tried} runs)",
            f"  replay: {replay_command(short.result.plan)}",
            *lines[-_LAST_LINES:],
        ]
    )


def _table(title: str, counts: Mapping[str, Any]) -> None:
    say(f"{title}:")
    for name, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        say(f"  {number:9} {name}")
