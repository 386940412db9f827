"""Our engine, DynamoDB Local and MiniStack give the same answers to random sequences of calls."""

from collections.abc import Collection, Iterator

import pytest

from tests.support.tiers import DYNAMODB_LOCAL
from tools.lab.engines.comparison import Comparison
from tools.lab.engines.difference import Difference
from tools.lab.engines.differences import DIFFERENCES, table
from tools.lab.engines.generator.sequences import sequence
from tools.lab.engines.runs import run
from tools.lab.engines.subjects import DynamoDBLocal, MiniStack, Subject

SEQUENCES = 1_000
"""Enough for each planted mistake (`test_agreement_can_fail`); ``make check-full`` runs more."""
PARTS = 4
"""So that more than one worker can share them."""
LOCAL = pytest.param(DynamoDBLocal.name, marks=DYNAMODB_LOCAL.marks)


def marks(known: Difference) -> Collection[pytest.Mark | pytest.MarkDecorator]:
    return DYNAMODB_LOCAL.marks if known.engine == DynamoDBLocal.name else ()


@pytest.fixture(scope="module")
def subjects() -> Iterator[dict[str, Subject]]:
    """The engines that have been started, by name."""
    found: dict[str, Subject] = {}
    yield found
    for it in found.values():
        if isinstance(it, DynamoDBLocal):
            it.close()


def started(name: str, subjects: dict[str, Subject], request: pytest.FixtureRequest) -> Subject:
    if name not in subjects:
        subjects[name] = (
            MiniStack()
            if name == MiniStack.name
            else DynamoDBLocal(request.getfixturevalue("dynamodb_local"))
        )
    return subjects[name]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("engine", [LOCAL, MiniStack.name])
def test_the_engines_agree(
    engine: str, part: int, subjects: dict[str, Subject], request: pytest.FixtureRequest
) -> None:
    other = started(engine, subjects, request)
    tally = run(Comparison(other, DIFFERENCES), engine, range(part, SEQUENCES, PARTS))
    assert not tally.failures, "\n\n".join(tally.failures[:3])
    assert tally.sequences == SEQUENCES // PARTS
    assert tally.calls > 6 * tally.sequences
    assert tally.cut < tally.sequences / 4


@pytest.mark.parametrize(
    "known",
    [pytest.param(it, id=f"{it.engine}: {it.name}", marks=marks(it)) for it in DIFFERENCES],
)
def test_each_known_difference_is_still_there(
    known: Difference, subjects: dict[str, Subject], request: pytest.FixtureRequest
) -> None:
    """An entry whose example shows no difference any more has to go."""
    other = started(known.engine, subjects, request)
    without = Comparison(other, [it for it in DIFFERENCES if it is not known])
    assert without.run(known.example).mismatch is not None
    report = Comparison(other, DIFFERENCES).run(known.example)
    assert report.mismatch is None, str(report.mismatch)
    assert set(report.known) == {known.name}


def test_the_table_names_every_difference() -> None:
    assert table().count("\n") == len(DIFFERENCES) + 1
    assert len({(it.engine, it.name) for it in DIFFERENCES}) == len(DIFFERENCES)


def test_a_seed_gives_the_same_sequence_each_time() -> None:
    assert sequence(7) == sequence(7) != sequence(8)
