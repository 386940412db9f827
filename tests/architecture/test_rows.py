"""Rows that count as used are used: by a function or a context, and missed when they do nothing.

`tests/unit/tools/check/test_uses.py` and `test_planted.py` show that these gates can fail.
"""

import os
import tomllib

import pytest

from tools.check.planted import DATA, Plant, Verdict, plants_of, verdicts
from tools.check.project import ROOT
from tools.check.standing import Rows

KNOWN = Rows(tomllib.loads(DATA.read_text("utf-8")), {})
ONCE_IDLE = (
    *("LOG-04", "VAL-01", "MET-01", "RLM-01", "CAC-02", "EVT-06", "FLG-01", "FLG-02"),
    *("PRM-05", "SEC-01", "SEC-08", "CQR-01"),
)
"""Rows that their own definition alone, or tests, once used: one plant of each is tried always."""


def chosen() -> list[Plant]:
    """Return the plants to try: all of them with ``FULL_SIZE``, else one of each of those rows."""
    plants = plants_of(KNOWN.data)
    if os.environ.get("FULL_SIZE"):
        return plants
    first = {each.row: each for each in reversed(plants)}
    return [first[row] for row in ONCE_IDLE]


PLANTS = chosen()


def named(plant: Plant) -> str:
    return f"{plant.row} {plant.helper.rpartition('::')[2]}"


@pytest.fixture(scope="module")
def tried() -> dict[str, Verdict]:
    control, *found = verdicts(PLANTS)
    assert control.is_right, control.said
    return dict(zip(map(named, PLANTS), found, strict=True))


def test_each_use_is_one_and_each_row_is_used_or_says_what_it_waits_for() -> None:
    assert [*KNOWN.mistakes(ROOT)] == []


def test_no_plant_is_named_twice() -> None:
    plants = plants_of(KNOWN.data)
    assert len(set(map(named, plants))) == len(plants)


@pytest.mark.long
@pytest.mark.parametrize("plant", PLANTS, ids=named)
def test_a_helper_that_does_nothing_turns_its_test_red(
    tried: dict[str, Verdict], plant: Plant
) -> None:
    verdict = tried[named(plant)]
    assert verdict.outcome == "caught", f"{plant.helper}: {verdict.said}"
