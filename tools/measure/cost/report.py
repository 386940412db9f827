"""The cost of every endpoint, as tables for a person."""

from collections.abc import Sequence

from tools.measure.cost.measure import Phase
from tools.measure.cost.prices import Prices
from tools.measure.cost.standing import standing
from tools.measure.cost.usage import PARTS, Usage

MILLION = 1_000_000
AUTHORIZER = "identity.authorize"


def with_authorizer(phase: Phase) -> Phase:
    """Return *phase* with the authorizer's invocation, which the simulator does without.

    It reads the caller's account once, and is taken to need the CPU that the endpoint needs.
    """
    known = Phase(phase.name, phase.function, dict(phase.used))
    own = phase.of(phase.function)
    known.used[AUTHORIZER] = Usage(
        invocations=own.requests,
        cpu_seconds=own.cpu_seconds,
        calls=own.requests,
        read_units=own.requests,
    )
    return known


def markdown(phases: Sequence[Phase], prices: Prices) -> str:
    """Return the report."""
    timed = [with_authorizer(phase) for phase in phases]
    lines = [
        "# What it costs",
        "",
        (
            f"Written by `make cost`. Prices: {prices.region}, on demand, as of {prices.as_of}, "
            "without free tier or tax (`tools/measure/cost/prices.toml`)."
        ),
        (
            "Units, calls and bytes are counted while the real handlers run in the simulator, one "
            "request after the other, warm; CPU times are those of this machine."
        ),
        (
            "Under load relays and consumers take batches, so that what follows a request costs "
            "less than is said here. Not in it: the password hash of registration and log-in "
            "(Argon2id, tens of milliseconds of CPU), cold starts and storage; what "
            "an environment costs while nobody comes is at the end."
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
            "customer notified by e-mail."
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
        *standing(prices),
    ]
    return "\n".join(lines)


def _money(dollars: float) -> str:
    """Return dollars for a million, of what one costs."""
    return f"{dollars * MILLION:.2f}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
