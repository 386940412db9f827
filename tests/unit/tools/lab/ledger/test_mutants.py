"""Which mutants are caught by what hunts now, and what the check of both ledgers says."""

from dataclasses import asdict, replace

import pytest

from tests.unit.tools.lab.ledger.players import played
from tools.check import ledgers
from tools.docs.played import seeds
from tools.entry.guard import ToolError
from tools.lab.simulation.ledger import ledger as of_seeds
from tools.lab.simulation.ledger import rows
from tools.lab.simulation.ledger.code import code_hash
from tools.lab.simulation.mutants import ledger
from tools.lab.simulation.mutants.__main__ import NAMES, keep
from tools.lab.simulation.mutants.catalogue import MUTANTS
from tools.lab.simulation.mutants.copies import patched_copy
from tools.lab.simulation.mutants.mutant import Edit
from tools.lab.simulation.mutants.table import markdown
from tools.lab.simulation.mutants.trial import Verdict

FIRST, SECOND = MUTANTS[:2]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mutants.toml"


def row(mutant=FIRST, **others):
    given = {"seed": 3, "rule": "a | promise", "simulator": ledger.simulator()}
    given |= {"patched": ledger.patched(mutant), "date": "2026-11-30", **others}
    return ledger.Caught(name=mutant.name, **given)


def test_what_is_caught_is_fresh_until_the_simulator_or_the_patched_files_change(path):
    ledger.record(path, row(SECOND), NAMES)
    ledger.record(path, row(FIRST), NAMES)
    assert [*ledger.caught(path)] == [FIRST.name, SECOND.name]
    assert ledger.stale(MUTANTS[:3], ledger.caught(path)) == [MUTANTS[2]]
    ledger.record(path, row(FIRST, simulator="another"), NAMES)
    ledger.record(path, row(SECOND, patched="another"), NAMES)
    assert ledger.stale(MUTANTS[:2], ledger.caught(path)) == [FIRST, SECOND]


def test_another_patch_and_one_that_does_not_fit_any_more_are_stale():
    (edit,) = FIRST.edits
    known = {FIRST.name: row()}
    assert ledger.stale([FIRST], known) == []
    another = Edit(edit.path, edit.old, edit.new.rstrip() + " or None\n")
    for other in (another, Edit(edit.path, "§", "")):
        assert ledger.stale([replace(FIRST, edits=(other,))], known) != []


def test_the_hash_of_a_copy_with_the_bug_is_the_one_that_is_expected_of_it():
    with patched_copy(FIRST) as root:
        assert ledger.lying(FIRST, root) == ledger.patched(FIRST)
        assert ledger.simulator(root) == ledger.simulator()


def test_only_what_was_caught_is_kept(path):
    keep(Verdict(FIRST, 700, caught=False), path)
    assert not path.exists()
    keep(Verdict(FIRST, 1, caught=True, seed=546, rule="r", simulator="s", patched="p"), path)
    (found,) = ledger.caught(path).values()
    assert (found.name, found.seed, found.rule) == (FIRST.name, 546, "r")
    assert (found.simulator, found.patched) == ("s", "p")


def test_a_row_that_was_changed_by_hand_or_stands_twice_is_found(path):
    ledger.record(path, row(simulator="old"), NAMES)
    text = path.read_text()
    path.write_text(text.replace("old", "0ld"))
    with pytest.raises(ToolError, match="cannot be trusted"):
        ledger.caught(path)
    assert ledger.problems(text + text) == [f"{FIRST.name} is there twice"]
    impossible = rows.written("", "caught", [asdict(row(seed=-1))])
    assert "was caught by seed -1" in ledger.problems(impossible)[0]


def test_the_check_tells_what_is_lacking_and_fails_for_what_cannot_be(tmp_path, path, capsys):
    played_path = tmp_path / "seeds.toml"
    of_seeds.record(played_path, played(0, 19, code_hash()))
    of_seeds.record(played_path, played(0, 99, "another"))
    ledger.record(path, row(), NAMES)
    assert ledgers.main([], played_path, path) == 0
    said = capsys.readouterr().out
    assert said.startswith("3 rows; of the code as it is, 20 of 20000 seeds are played and 1 of ")
    ledger.record(path, replace(row(), name="a gone one"), [*NAMES, "a gone one"])
    assert ledgers.main([], played_path, path) == 1
    assert "a gone one" in capsys.readouterr().out
    played_path.write_text(played_path.read_text().replace("another", code_hash()))
    assert ledgers.main([], played_path, path) == 2


def test_the_documents_tell_what_the_ledgers_have():
    shown = seeds([played(0, 19, "old"), played(0, 19_999, "new", seconds=5400)])
    assert shown.splitlines()[2].startswith("| `new` | 0 to 19 999 | 0 |")
    assert "| 1.5 |" in shown
    text = markdown({FIRST.name: row(seed=546), SECOND.name: row(SECOND, simulator="other")})
    assert text.startswith("1 of 2 were caught by the newest simulator")
    assert f"the farthest seed is 546, of *{FIRST.name}*" in text
    assert f"| {SECOND.name} | {SECOND.breaks} | 3 |" in text
