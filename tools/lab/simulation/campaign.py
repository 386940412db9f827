"""Many seeds, in several processes, and what they add up to."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tools.lab.processes import results
from tools.lab.simulation.trying import try_seed
from tools.lab.simulation.world.run import Result

_CHUNK = 20


@dataclass
class Tally:
    """What runs came to; ``violations`` is seed → what was violated."""

    seeds: int = 0
    steps: int = 0
    injected: int = 0
    redriven: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    functions: Counter[str] = field(default_factory=Counter)
    violations: dict[int, str] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        """Count one run."""
        self.seeds += 1
        self.steps += result.steps
        self.injected += result.injected
        self.redriven += result.redriven
        self.faults.update({str(kind): number for kind, number in result.faults.items()})
        self.calls.update(result.calls)
        self.functions.update(result.functions)
        if result.violation is not None:
            self.violations[result.plan.seed] = str(result.violation)

    def merge(self, other: "Tally") -> None:
        """Count what another process has counted."""
        self.seeds += other.seeds
        self.steps += other.steps
        self.injected += other.injected
        self.redriven += other.redriven
        self.faults.update(other.faults)
        self.calls.update(other.calls)
        self.functions.update(other.functions)
        self.violations.update(other.violations)

    def write(self, path: Path) -> None:
        """Write the summary as JSON, the most frequent first."""
        known = asdict(self)
        for name in ("faults", "calls", "functions"):
            known[name] = dict(getattr(self, name).most_common())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def run_seeds(seeds: Iterable[int]) -> Tally:
    """Run *seeds* in this process."""
    tally = Tally()
    for seed in seeds:
        tally.add(try_seed(seed))
    return tally


def campaign(
    seeds: range,
    *,
    processes: int | None = None,
    progress: Callable[[Tally], None] = lambda _: None,
    stop_after: int = 10,
) -> Tally:
    """Run *seeds* in parallel; *progress* sees the tally grow.

    Ends early once *stop_after* seeds have failed: what they have to say is not said better by
    more of them.
    """
    tally = Tally()
    for each in results(run_seeds, _chunks(seeds), number=processes):
        tally.merge(each)
        progress(tally)
        if len(tally.violations) >= stop_after:
            break
    return tally


def _chunks(seeds: range) -> Iterator[range]:
    for first in range(0, len(seeds), _CHUNK):
        yield seeds[first : first + _CHUNK]
