"""What the ledger of seeds says, and what it may not say."""

import pytest

from tests.unit.tools.lab.ledger.players import played
from tools.entry.guard import ToolError
from tools.lab.simulation.ledger import ledger, rows
from tools.lab.simulation.ledger.played import cut, lacking, merged


@pytest.fixture
def path(tmp_path):
    return tmp_path / "seeds.toml"


def test_pieces_come_back_as_they_were_and_neighbours_as_one(path):
    bad = {"seed": 25, "says": 'orders: "lost" \\ und tschüß'}
    for piece in (played(20, 39, violations=[bad]), played(60, 79), played(0, 19)):
        ledger.record(path, piece)
    assert ledger.played(path) == [
        played(0, 39, violations=[bad], seconds=2, steps=20, calls=10, faults=4),
        played(60, 79),
    ]
    assert path.read_text().startswith("# The seeds that were played")


def test_pieces_of_two_codes_or_two_pythons_stay_apart():
    pieces = [
        played(0, 19),
        played(20, 39, "other"),
        played(40, 59),
        played(60, 79, python="3.13"),
    ]
    assert len(merged(pieces)) == 4


def test_a_piece_that_somebody_else_has_played_meanwhile_adds_nothing(path):
    ledger.record(path, played(0, 39))
    ledger.record(path, played(20, 59, trace="another"))
    assert ledger.played(path) == [played(0, 39)]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (range(100), [range(20), range(40, 60), range(80, 100)]),
        (range(30, 50), [range(40, 50)]),
        (range(25, 35), []),
        (range(90, 95), [range(90, 95)]),
        (range(79, 81), [range(80, 81)]),
    ],
)
def test_what_is_lacking_of_a_code(wanted, left):
    there = [played(60, 79), played(20, 39), played(0, 99, "other")]
    assert lacking(wanted, "c0de", there) == left


def test_a_range_is_cut_into_pieces():
    assert cut([range(45), range(60, 61)], 20) == [
        range(20), range(20, 40), range(40, 45), range(60, 61)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "c0de"', 'code = "0ther"', "row 1 is not sealed as it stands"),
        ("last = 19", "last = 1999", "row 1 is not sealed as it stands"),
        ("steps = 10\n", "", "row 1 has more or less than its fields: steps"),
        ("steps = 10", 'steps = "10"', "row 1 has fields of another type: steps"),
        ("violations = []", "violations = [", "no TOML"),
        ("[[played]]", "[[hunted]]", "more than rows"),
    ],
    ids=["code", "range", "field", "type", "syntax", "table"],
)
def test_a_row_that_was_changed_by_hand_is_found(path, old, new, said):
    ledger.record(path, played(0, 19))
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ToolError) as found:
        ledger.played(path)
    assert said in "\n".join([str(found.value), *found.value.reasons])


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ([played(5, 4)], "claims the seeds 5 to 4"),
        ([played(-1, 4)], "claims the seeds -1 to 4"),
        ([played(0, 4, violations=[{"seed": 5, "says": "x"}])], "violations of other seeds"),
        ([played(0, 4, violations=[{"says": "x"}])], "violations of other seeds"),
        ([played(0, 19), played(10, 29)], "seed 10 of c0de was played twice"),
    ],
)
def test_a_row_that_is_sealed_and_cannot_be_is_found(pieces, said):
    text = rows.written("", "played", [each.row() for each in pieces])
    assert said in "\n".join(ledger.problems(text))


def test_nothing_is_written_over_a_ledger_that_is_broken(path):
    path.write_text("[[played]]\ncode = 1\n")
    with pytest.raises(ToolError, match="cannot be trusted"):
        ledger.record(path, played(0, 19))
    assert path.read_text() == "[[played]]\ncode = 1\n"
