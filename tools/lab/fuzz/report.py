"""What a campaign found, as Markdown."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tools.lab.fuzz.cases import Attack
from tools.lab.fuzz.runner import Tally


def by_route(tally: Tally) -> Iterator[str]:
    """Yield a table of answers: routes by classes of status."""
    yield "| route | requests | 2xx | 3xx | 4xx | 5xx | statuses |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for route in sorted({route for route, _ in tally.statuses}):
        found = {s: n for (name, s), n in sorted(tally.statuses.items()) if name == route}
        classes = Counter[int]()
        for status, number in found.items():
            classes[status // 100] += number
        counts = " | ".join(f"{classes[each]:,}" for each in (2, 3, 4, 5))
        statuses = ", ".join(f"{status}: {number:,}" for status, number in found.items())
        yield f"| `{route}` | {classes.total():,} | {counts} | {statuses} |"


def summary(tally: Tally) -> Iterator[str]:
    """Yield the figures in a sentence each."""
    routes = {route for route, _ in tally.statuses}
    errors = sum(number for (_, status), number in tally.statuses.items() if status >= 500)
    yield (
        f"{tally.requests:,} requests to {len(routes)} routes, {tally.attacks.total():,} attacks "
        f"of {len(tally.attacks)} kinds: {errors} answers of 5xx, {len(tally.failures)} failures, "
        f"{tally.writes:,} items written."
    )


def unreached(tally: Tally, routes: Iterable[str]) -> list[str]:
    """Return the routes that never succeeded: what lies behind their first check is not tried."""
    reached = {route for route, status in tally.statuses if 200 <= status < 300}
    return sorted(set(routes) - reached)


def unused(tally: Tally, attacks: Iterable[Attack]) -> list[str]:
    """Return the attacks that were never made."""
    return sorted({attack.__name__ for attack in attacks} - tally.attacks.keys())
