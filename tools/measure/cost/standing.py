"""The cost of an idle month, as a table for a person."""

from tools.measure.cost.idle import KINDS, dollars, environments, given_for_nothing
from tools.measure.cost.prices import Prices
from tools.measure.cost.series import series


def standing(prices: Prices) -> list[str]:
    """Return the section: what every environment costs before anybody comes."""
    known = environments()
    paid = {name: dollars(counts, prices) for name, counts in known.items()}
    free = {name: given_for_nothing(counts, prices) for name, counts in known.items()}
    sums = {name: sum(each.values()) for name, each in paid.items()}
    most = sum(series().values())
    busy = most * prices.of("cloudwatch", "series")
    return [
        "## An idle month",
        "",
        (
            "What an environment of `samconfig.toml` costs in thirty days in which nobody comes, "
            "counted from the templates with its parameters (production with "
            "`RequestsPerAddress`): how many, and dollars."
        ),
        "",
        _row("", *(f"{name} | $" for name in known)),
        _row("---", *("---: | ---:" for _ in known)),
        *(
            _row(kind, *(f"{known[n][kind]} | {paid[n][kind]:.2f}" for n in known))
            for kind in KINDS
        ),
        _row("**together**", *(f" | **{sums[name]:.2f}**" for name in known)),
        _row(
            "less what AWS gives an account for nothing, always",
            *(f" | {sums[name] - free[name]:.2f}" for name in known),
        ),
        "",
        (
            "Tables, functions, APIs, the distribution and the bus cost nothing while nobody "
            "comes. dev has `Watching=none`: no alarms, no dashboards, no watch on orders, and "
            "the signing keys take their steps once a day. What is left are secrets and "
            "Lambda's polls of empty queues: five at a time for 20 seconds each, as AWS has "
            "described them, which is the least certain number here. One secret for the cursors "
            "of three services would save 0.80 $ more, and lead production's templates through "
            "a condition that only development needs."
        ),
        "",
        (
            f"A busy month adds custom metrics: {most} series at most, {busy:.0f} $, if every "
            "route, consumer and operation is used in every hour; each is paid for by the hours "
            "in which it is written. Labels are routes, consumers and operations, never ids, so "
            "that they grow with the templates and not with the traffic."
        ),
        "",
    ]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
