"""What is promised of all functions, and whether it is kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tools.build import declared
from tools.build.weigh import ZIP_LIMIT
from tools.measure.bench.cases import Case
from tools.measure.bench.measure import Measured
from tools.measure.bench.variants import ECHO, FLOOR, FLOOR_CREATE, FLOOR_ECHO, PLAIN, Artifact

HTTP_LIMIT, OTHERS_LIMIT = 0.62, 0.45
"""Of the floor's CPU time, init and first request: with FastAPI, and without."""

_HEAVY = {
    declared.CONSUMER_LIMIT: "functions without FastAPI",
    declared.HTTP_LIMIT: "HTTP functions",
    declared.CRYPTO_LIMIT: "functions with cryptography",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that one run of the benchmark found out.

    ``layers`` are bytes, ``calls_to_aws`` those of a warm request; ``refused`` says
    why a function could not be measured.
    """

    rounds: int
    calls: int
    cases: Sequence[Case]
    measured: Mapping[str, Measured]
    artifacts: Mapping[str, Artifact]
    layers: Mapping[str, int]
    calls_to_aws: Mapping[str, float]
    refused: Mapping[str, str] = field(default_factory=dict)

    def cold(self, name: str, floor: str = FLOOR) -> float:
        """CPU time of init and first request, of *floor*'s."""
        return self.measured[name].middle("cold_cpu") / self.measured[floor].middle("cold_cpu")

    def warm(self, name: str, floor: str) -> float:
        """CPU time of a warm request, of *floor*'s."""
        return self.measured[name].warm("warm_cpu") / self.measured[floor].warm("warm_cpu")

    def of(self, *kinds: str) -> list[str]:
        """The functions of these kinds."""
        return [case.function for case in self.cases if case.kind in kinds]


@dataclass(frozen=True, slots=True)
class Bar:
    """One promise: every one of *values* is at most *limit*, *digits* behind the point."""

    what: str
    limit: float
    values: Mapping[str, float]
    digits: int = 2

    @property
    def worst(self) -> tuple[str, float]:
        """Who is closest to the limit, or farthest beyond."""
        return max(self.values.items(), key=lambda each: each[1])

    @property
    def missed(self) -> list[str]:
        """Who is beyond the limit, the worst first."""
        beyond = {name: value for name, value in self.values.items() if value > self.limit}
        return sorted(beyond, key=lambda name: -beyond[name])


def bars(results: Results) -> list[Bar]:
    """Every promise about what was measured."""
    return [bar for bar in _bars(results) if bar.values]


def missed_by(found: Iterable[Bar]) -> set[str]:
    """Everybody who misses some bar."""
    return {name for bar in found for name in bar.missed}


def _bars(results: Results) -> Iterator[Bar]:
    http, others = results.of("http"), results.of("consumer", "other")
    yield Bar("cold, HTTP functions ÷ floor", HTTP_LIMIT, {n: results.cold(n) for n in http})
    yield Bar(
        "cold, HTTP functions ÷ plain `sam build`",
        0.27,
        {name: results.cold(name, PLAIN) for name in http},
    )
    yield Bar(
        "cold, functions without FastAPI ÷ floor",
        OTHERS_LIMIT,
        {name: results.cold(name) for name in others},
    )
    counted = {name: results.measured[name].cold_instructions for name in http}
    yield Bar(
        "cold, HTTP functions, million instructions",
        1450,
        {name: count / 1e6 for name, count in counted.items() if count is not None},
        0,
    )
    yield Bar(
        "warm, framework share ÷ floor without AWS call",
        0.42,
        {ECHO: results.warm(ECHO, FLOOR_ECHO)},
    )
    by_id = [case.function for case in results.cases if case.gets_by_id]
    yield Bar(
        "warm, get by id ÷ floor's get", 0.8, {n: results.warm(n, FLOOR) for n in by_id if n}
    )
    placing = [name for name in http if name == "orders/place_order"]
    yield Bar(
        "warm, place_order ÷ floor's create",
        1.2,
        {name: results.warm(name, FLOOR_CREATE) for name in placing},
    )
    artifacts = results.artifacts
    zips = {name: each.zipped / 1e3 for name, each in artifacts.items()}
    yield Bar("zip of a function, kB", ZIP_LIMIT / 1e3, zips, 1)
    for limit, who in _HEAVY.items():
        layers = {n: each.layers / 1e6 for n, each in artifacts.items() if each.limit == limit}
        yield Bar(f"layers unzipped, {who}, MB", limit / 1e6, layers, 1)
