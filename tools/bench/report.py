"""The page that the benchmark writes."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.bench.measure import Measured


@dataclass(frozen=True, slots=True)
class Bar:
    """A ratio that is promised: *name*'s against *floor*'s, at most *limit*."""

    what: str
    name: str
    floor: str
    key: str
    limit: float

    def ratio(self, measured: Mapping[str, Measured]) -> float:
        ours, floor = measured[self.name], measured[self.floor]
        if self.key.startswith("warm"):
            return ours.warm(self.key) / floor.warm(self.key)
        return ours.middle(self.key) / floor.middle(self.key)


def page(measured: Mapping[str, Measured], bars: Sequence[Bar], rounds: int, calls: int) -> str:
    """The whole of `docs/benchmarks.md`."""
    return "\n".join(
        [
            *_introduction(rounds, calls),
            "## Against the bars",
            "",
            *_table(("what", "ratio", "bar", ""), [_bar_row(bar, measured) for bar in bars]),
            "",
            "## Cold: init and first request",
            "",
            *_table(
                ("function", "init CPU ms", "cold CPU ms", "cold wall ms", "M instructions", "MB"),
                [_cold_row(name, each) for name, each in measured.items()],
            ),
            "",
            "## Warm: one invocation",
            "",
            *_table(
                ("function", "CPU µs", "wall µs", "M instructions"),
                [_warm_row(name, each) for name, each in measured.items()],
            ),
            "",
        ]
    )


def _introduction(rounds: int, calls: int) -> list[str]:
    text = f"""\
# Benchmarks

Written by `make bench`: CPython {platform.python_version()} on {platform.machine()}, {rounds}
interleaved rounds, {calls} warm calls in each, medians. AWS calls go to a loopback stub. Times on
a shared machine mean little by themselves; the ratios within one run are what is compared.

The **floor** is one hand-written file with FastAPI, Mangum, Powertools (Logger, Metrics, Tracer),
a boto3 DynamoDB client and one route (`tools/bench/floor`), with bytecode; the same without
bytecode is what plain `sam build` ships. Cold is init and first request, over what Lambda's own
runtime client has loaded before. Both trace every request. `echo` makes no AWS call: it is the
framework's own share of a request.
"""
    return [*text.splitlines(), ""]


def _bar_row(bar: Bar, measured: Mapping[str, Measured]) -> list[str]:
    ratio = bar.ratio(measured)
    return [bar.what, f"{ratio:.2f}", f"≤ {bar.limit}", "" if ratio <= bar.limit else "**missed**"]


def _cold_row(name: str, each: Measured) -> list[str]:
    times = [each.middle(key) * 1000 for key in ("init_cpu", "cold_cpu", "cold_wall")]
    memory = each.middle("memory") / 1e6
    count = _millions(each.cold_instructions, 0)
    return [name, *(f"{time:.0f}" for time in times), count, f"{memory:.0f}"]


def _warm_row(name: str, each: Measured) -> list[str]:
    times = [each.warm(key) * 1e6 for key in ("warm_cpu", "warm_wall")]
    return [name, *(f"{time:.0f}" for time in times), _millions(each.warm_instructions, 2)]


def _millions(count: int | None, digits: int) -> str:
    return "" if count is None else f"{count / 1e6:.{digits}f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]
