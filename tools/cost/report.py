"""The cost of every endpoint, as tables for a person."""

from collections.abc import Mapping, Sequence

from tools.cost.measure import Phase
from tools.cost.prices import Prices
from tools.cost.usage import PARTS, Usage

MILLION = 1_000_000
AUTHORIZER = "identity.authorize"


def with_times(phase: Phase, cpu_seconds: Mapping[str, float]) -> Phase:
    """Return *phase* with the CPU time of each function's invocations, and its authorizer."""
    timed = Phase(phase.name, phase.function, dict(phase.used))
    requests = phase.of(phase.function).requests
    timed.used[AUTHORIZER] = Usage(invocations=requests)
    for function, usage in timed.used.items():
        usage.cpu_seconds = usage.invocations * cpu_seconds.get(function, _middle(cpu_seconds))
    return timed


def _middle(values: Mapping[str, float]) -> float:
    """Return the median: what a function is taken to need that was never timed."""
    ordered = sorted(values.values())
    return ordered[len(ordered) // 2] if ordered else 0.0


def markdown(phases: Sequence[Phase], prices: Prices, cpu_seconds: Mapping[str, float]) -> str:
    """Return the report."""
    timed = [with_times(phase, cpu_seconds) for phase in phases]
    lines = [
        "# What it costs",
        "",
        (
            f"Written by `make cost`. Prices: {prices.region}, on demand, as of {prices.as_of}, "
            "without free tier or tax (`tools/cost/prices.toml`)."
        ),
        (
            "Units, calls and bytes are counted while the real handlers run in the simulator, one "
            "request after the other; CPU times are those of `make bench`."
        ),
        (
            "Under load relays and consumers take batches, so that what follows a request costs "
            "less than is said here."
        ),
        "",
        "## Dollars per million calls",
        "",
        (
            "*Alone* is the answer itself with the gateway, the authorizer and the function; "
            "*in all* has everything that the call sets off: relays, events, queues, consumers, "
            "mails."
        ),
        "",
        _row(
            "call", "read units", "write units", "alone $", *(f"{p} $" for p in PARTS), "in all $"
        ),
        _row("---", *["---:"] * (len(PARTS) + 4)),
    ]
    for phase in timed:
        own = Usage()
        own.add(phase.of(phase.function))
        own.add(phase.of(AUTHORIZER))
        alone = sum(own.dollars(prices).values())
        whole = phase.total().dollars(prices)
        lines.append(
            _row(
                f"`{phase.name}`" if "/" in phase.name else phase.name,
                f"{own.read_units:g}",
                f"{own.write_units:g}",
                _money(alone),
                *(_money(whole[part]) for part in PARTS),
                _money(sum(whole.values())),
            )
        )
    orders = [phase for phase in timed if phase.function == "orders.place_order"]
    paid = orders[0].total()
    lines += [
        "",
        "## A million orders, end to end",
        "",
        (
            "A paid order of two lines: placed, stock reserved, card charged, completed, the "
            "customer told by e-mail."
        ),
        "",
        _row("part", "$"),
        _row("---", "---:"),
        *(_row(part, _money(dollars)) for part, dollars in paid.dollars(prices).items()),
        _row("**together**", f"**{_money(sum(paid.dollars(prices).values()))}**"),
        "",
        (
            f"In it: {paid.invocations} invocations, {paid.calls} calls to AWS, "
            f"{paid.read_units:g} read and {paid.write_units:g} write units, "
            f"{paid.events} events, {paid.messages} messages, {paid.mails} mail."
        ),
        "",
    ]
    return "\n".join(lines)


def _money(dollars: float) -> str:
    """Return dollars for a million, of what one costs."""
    return f"{dollars * MILLION:.2f}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
