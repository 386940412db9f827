"""Planted bugs are found, and the code as it is raises no alarm on the seeds that find them."""

from pathlib import Path

import pytest

from tools.lab.simulation.mutants.catalogue import MUTANTS
from tools.lab.simulation.mutants.copies import ROOT, patched_copy
from tools.lab.simulation.mutants.mutant import CLEAN, Edit, Mutant, PatchDoesNotApply, mutant
from tools.lab.simulation.mutants.trial import HuntFailed, trial

SEEDS = 60
SAMPLE = (
    "events after the commit",
    "conflict swallowed",
    "lost answer taken for success",
    "relay acknowledges an error",
    "balances moved on their own",
    "gateway key per attempt",
    "mnemonic looked up in the index",
    "record put over a record",
)
"""One of each kind; ``make mutants`` runs all of them."""

_BY_NAME = {each.name: each for each in MUTANTS}


def test_there_are_enough_and_no_two_share_a_name() -> None:
    assert len(MUTANTS) >= 55
    assert len(_BY_NAME) == len(MUTANTS)


@pytest.mark.parametrize("planted", MUTANTS, ids=lambda each: each.name)
def test_every_patch_applies_and_is_code(planted: Mutant) -> None:
    sources: dict[str, str] = {}
    for edit in planted.edits:
        source = sources.get(edit.path) or (ROOT / edit.path).read_text()
        sources[edit.path] = edit.applied(source)
    assert sources
    for path, source in sources.items():
        if path.endswith(".py"):
            compile(source, path, "exec")


@pytest.mark.parametrize("text", ["not there", "e"])
def test_a_patch_that_does_not_fit_exactly_once_is_an_error(text: str) -> None:
    with pytest.raises(PatchDoesNotApply):
        Edit("shared/platform/entry/relay.py", text, "").applied("here, there, everywhere")


def test_the_copy_has_the_bug_and_the_project_does_not() -> None:
    planted = _BY_NAME[SAMPLE[0]]
    (edit,) = planted.edits
    before = (ROOT / edit.path).read_text()
    with patched_copy(planted) as root:
        assert edit.new in (root / edit.path).read_text()
        assert root != ROOT
    assert not root.exists()
    assert (ROOT / edit.path).read_text() == before


@pytest.mark.parametrize("name", SAMPLE)
def test_a_planted_bug_is_found(name: str) -> None:
    verdict = trial(_BY_NAME[name], seeds=SEEDS)
    assert verdict.caught, f"{name} survived {verdict.seeds} seeds"
    assert verdict.rule


def test_a_copy_of_the_code_as_it_is_raises_no_alarm() -> None:
    """On all of those seeds, and hundreds more, `test_seeds` has the code itself raise none."""
    verdict = trial(CLEAN, seeds=5)
    assert not verdict.caught, verdict.violation
    assert verdict.seeds == 5


def test_a_patch_that_breaks_no_promise_survives() -> None:
    """The hunt tells a bug from a change: this one renames a local variable."""
    path = "shared/platform/dynamodb/markers.py"
    harmless = mutant(
        "harmless", "nothing", path, '    name = f"IDEMPOTENCY', '    name: str = f"IDEMPOTENCY'
    )
    assert not trial(harmless, seeds=3).caught


def test_code_that_cannot_run_is_not_a_find() -> None:
    path = "shared/platform/dynamodb/markers.py"
    nonsense = mutant(
        "nonsense", "itself", path, "class RequestInFlight", "nonsense\n\n\nclass RequestInFlight"
    )
    with pytest.raises(HuntFailed, match="nonsense"):
        trial(nonsense, seeds=1)


def test_copies_hold_what_the_hunt_needs(tmp_path: Path) -> None:
    with patched_copy(CLEAN) as root:
        assert (root / "functions/orders/template.yaml").exists()
        assert (root / "tools/lab/simulation/mutants/hunt.py").exists()
