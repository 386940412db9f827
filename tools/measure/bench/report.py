"""The page that the benchmark writes."""

import platform
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from tools.measure.bench.bars import Bar, Results, bars
from tools.measure.bench.cases import Case
from tools.measure.bench.variants import ECHO, FLOOR, FLOOR_CREATE

PLOT = "benchmarks.svg"
_COLD = ("init CPU ms", "cold CPU ms", "÷ floor", "cold wall ms", "cold M instr.", "MB")
_WARM = ("warm CPU µs", "warm wall µs", "warm M instr.")


def page(results: Results) -> str:
    """The whole of `docs/benchmarks.md`."""
    found = bars(results)
    return "\n".join(
        [
            *_introduction(results),
            "",
            "## Against the bars",
            "",
            *_table(
                ("what", "functions", "worst", "", "bar", "missed by"),
                [_bar_row(bar) for bar in found],
            ),
            "",
            *_refused(results),
            f"![Cold start of every function against the floor]({PLOT})",
            "",
            "## The floor, and our own share of a request",
            "",
            *_table(
                ("", *_COLD, *_WARM), [_row(results, name, []) for name in _compared(results)]
            ),
            "",
            *_contexts(results, found),
        ]
    )


def _introduction(results: Results) -> list[str]:
    layers = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in results.layers.items())
    text = f"""\
Written by `make bench`: CPython {platform.python_version()} on {platform.machine()}, medians of
{results.rounds} interleaved rounds. In each round every one of {len(results.measured)} functions
and floors starts in a fresh process, in another order each time, and then answers up to
{results.calls} warm requests. Times on a shared machine mean little by themselves; the ratios
within one run are what is compared.

The **floor** is one hand-written file with FastAPI, Mangum, Powertools (Logger, Metrics, Tracer),
a boto3 DynamoDB client and one route (`tools/measure/bench/floor`), with bytecode; the same
without bytecode is what plain `sam build` ships. *Cold* is init and first request, over what
Lambda's own runtime client has loaded before. Both trace every request. `{ECHO}` makes no AWS
call: it is the framework's own share of a request.

A function's request is its sample event (`events/`). What AWS answers was recorded when the
function ran on an emulated AWS (`tools/measure/bench/recording.py`) and is played back by a
loopback stub; every answer is checked, so nobody is measured failing. Instructions are valgrind's
(`make bench ARGS=--instructions`). Layers unzipped: {layers} (the largest)."""
    lines = ["# Benchmarks"]
    for paragraph in text.split("\n\n"):
        lines += ["", *textwrap.wrap(paragraph, 99, break_on_hyphens=False)]
    return lines


def _bar_row(bar: Bar) -> list[str]:
    name, value = bar.worst
    missed = bar.missed
    return [
        bar.what,
        str(len(bar.values)),
        name,
        f"{value:.{bar.digits}f}",
        f"≤ {bar.limit:g}",
        f"**{len(missed)}**" if missed else "nobody",
    ]


def _refused(results: Results) -> Iterator[str]:
    for function, why in results.refused.items():
        yield f"**Not measured: {function}.** {why}"
        yield ""


def _compared(results: Results) -> list[str]:
    cases = {case.function for case in results.cases}
    return [name for name in results.measured if name not in cases]


def _contexts(results: Results, found: Sequence[Bar]) -> Iterator[str]:
    head = ("function", *_COLD, *_WARM, "÷ floor", "AWS calls", "zip kB")
    for context, cases in groupby(results.cases, key=lambda case: case.context):
        yield from (f"## {context}", "")
        yield from _table(head, [_case_row(results, case, found) for case in cases])
        yield ""
    yield (
        "Bold is beyond a bar. The second ratio is of warm CPU: to the floor's get for a GET, "
        "to its create for everything else, which call AWS once. Calls are those of a warm "
        "request; a whole batch counts as one."
    )
    yield ""


def _case_row(results: Results, case: Case, found: Sequence[Bar]) -> list[str]:
    missed = [bar.what for bar in found if case.function in bar.missed]
    row = _row(results, case.function, missed)
    row[0] = case.use_case
    warm = results.warm(case.function, FLOOR if case.route[0] == "GET" else FLOOR_CREATE)
    size = f"{results.artifacts[case.function].zipped / 1e3:.1f}"
    beyond = any(what.startswith("warm") for what in missed)
    heavy = any(what.startswith("zip") for what in missed)
    calls = f"{results.calls_to_aws[case.function]:g}"
    return [*row, _marked(f"{warm:.2f}", beyond), calls, _marked(size, heavy)]


def _row(results: Results, name: str, missed: Sequence[str]) -> list[str]:
    each = results.measured[name]
    slow = any("floor" in what and what.startswith("cold") for what in missed)
    counted = any("instructions" in what for what in missed)
    init, cold, wall = (each.middle(key) * 1e3 for key in ("init_cpu", "cold_cpu", "cold_wall"))
    cpu, waited = (each.warm(key) * 1e6 for key in ("warm_cpu", "warm_wall"))
    return [
        name,
        f"{init:.0f}",
        f"{cold:.0f}",
        _marked(f"{results.cold(name):.2f}", slow),
        f"{wall:.0f}",
        _marked(_millions(each.cold_instructions, 0), counted),
        f"{each.middle('memory') / 1e6:.0f}",
        f"{cpu:.0f}",
        f"{waited:.0f}",
        _millions(each.warm_instructions, 2),
    ]


def _marked(text: str, beyond: bool) -> str:  # noqa: FBT001  # of a table's cell
    return f"**{text}**" if beyond else text


def _millions(count: int | None, digits: int) -> str:
    return "" if count is None else f"{count / 1e6:.{digits}f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    text = {"function", "what", "", "worst"} if head[0] == "what" else {"function"}
    rule = ["---" if name in text or not at else "---:" for at, name in enumerate(head)]
    return ["| " + " | ".join(line) + " |" for line in (head, rule, *rows)]
