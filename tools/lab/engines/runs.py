"""Many sequences against one engine, and how to try one of them again."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from tools.lab.engines.comparison import Comparison, Mismatch
from tools.lab.engines.difference import Step
from tools.lab.engines.differences import DIFFERENCES
from tools.lab.engines.generator.sequences import for_engine, sequence
from tools.lab.engines.shrinking import shortest
from tools.lab.engines.subjects import DynamoDBLocal, MiniStack, Subject
from tools.lab.support import dynamodb_local

ENGINES = (DynamoDBLocal.name, MiniStack.name)


@dataclass(slots=True)
class Tally:
    """What was run: *cut* sequences ended early at a known difference, *operations* by name."""

    sequences: int = 0
    calls: int = 0
    cut: int = 0
    known: Counter[str] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.sequences += other.sequences
        self.calls += other.calls
        self.cut += other.cut
        self.known += other.known
        self.operations += other.operations
        self.failures += other.failures


@contextmanager
def started(engine: str) -> Iterator[Subject]:
    """Start *engine*; `dynamodb_local.Unavailable` where it cannot be."""
    if engine == MiniStack.name:
        yield MiniStack()
        return
    with dynamodb_local.running() as url, closing(DynamoDBLocal(url)) as local:
        yield local


def run(
    comparison: Comparison,
    engine: str,
    seeds: Iterable[int],
    done: Callable[[], None] = lambda: None,
) -> Tally:
    """Run the sequences of *seeds*; a failure is shrunk and reported with its replay."""
    tally = Tally()
    for seed in seeds:
        steps = for_engine(sequence(seed), engine)
        report = comparison.run(steps)
        tally.sequences += 1
        tally.calls += report.calls
        tally.cut += report.left
        tally.known += report.known
        tally.operations.update(operation for operation, _ in steps[: report.calls])
        if report.mismatch:
            tally.failures.append(report_of(comparison, seed, steps, report.mismatch))
        done()
    return tally


def report_of(comparison: Comparison, seed: int, steps: list[Step], mismatch: Mismatch) -> str:
    """Return the shortest sequence that still fails, and how to replay it."""

    def fails(some: Sequence[Step]) -> bool:
        again = comparison.run(some).mismatch
        return again is not None and again.kind == mismatch.kind

    short = shortest(steps[: mismatch.number], fails)
    found = comparison.run(short).mismatch or mismatch
    lines = [f"{number}. {name} {request}" for number, (name, request) in enumerate(short, 1)]
    return "\n".join(
        (
            f"seed {seed}: our engine and {found.engine} differ after {len(short)} steps",
            *lines,
            str(found),
            f"replay: make engines SEQUENCES=1 SEED={seed}",
        )
    )


def compared(engine: str, seeds: Iterable[int]) -> Tally:
    """Start *engine* and run *seeds* against it."""
    with started(engine) as other:
        return run(Comparison(other, DIFFERENCES), engine, seeds)
