"""Seeds are played in pieces, and whatever ends a run, the next one goes on behind it."""

import os
import signal
import subprocess
import sys

import pytest

from tests.unit.tools.lab.ledger.players import play, played
from tools.check.project import ROOT
from tools.entry.guard import ToolError
from tools.lab.simulation.ledger import __main__ as seeds
from tools.lab.simulation.ledger import ledger, playing
from tools.lab.simulation.ledger.code import code_hash

START = (
    "from tools.lab.simulation.ledger.__main__ import main\n"
    "from tests.unit.tools.lab.ledger.players import play_some\n"
    "import sys\nsys.exit(main(sys.argv[1:], play_some))"
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "seeds.toml"


def ranges(path):
    return [(each.code == code_hash(), each.first, each.last) for each in ledger.played(path)]


def test_what_the_ledger_has_of_this_code_is_not_played_again(path, capsys):
    ledger.record(path, played(0, 99, "other"))
    ledger.record(path, played(20, 39, code_hash(), trace="kept"))
    arguments = [f"--ledger={path}", "--processes=1"]
    assert seeds.main([*arguments, "--range=20-41", "--look"], play) == 0
    assert "20 of 22 seeds played\nlacking: 40-41\n" in capsys.readouterr().out
    assert seeds.main([*arguments, "--range=20-41"], play) == 0
    assert ranges(path) == [(True, 20, 41), (False, 0, 99)]
    assert "22 of 22 seeds played\n" in capsys.readouterr().out


def test_a_seed_that_breaks_a_promise_fails_every_run_that_asks_for_it(path, capsys):
    ledger.record(path, play(range(20), code_hash()))
    arguments = [f"--ledger={path}", "--look"]
    assert seeds.main([*arguments, "--range=0-19"]) == 1
    assert 'VIOLATION with seed 13: it "broke"' in capsys.readouterr().out
    assert seeds.main([*arguments, "--range=14-19"]) == 0


@pytest.mark.parametrize("text", ["x", "5-4", "1-2-3", "-5"])
def test_what_is_no_range_is_told(text, capsys):
    assert seeds.main([f"--range={text}", "--look"]) == 2
    assert "no range" in capsys.readouterr().err


def test_a_piece_during_which_the_code_changed_is_not_recorded(path):
    with pytest.raises(ToolError, match="The code has changed"):
        playing.play_all([range(20)], path, code="as it was", play=play, number=1)
    assert not path.exists()


def test_nothing_begins_once_it_is_time_or_enough_is_broken(path):
    pieces = [range(20), range(20, 40), range(40, 60), range(60, 80)]
    playing.play_all(pieces, path, code=code_hash(), play=play, number=1, until=0.0)
    assert not path.exists()
    playing.play_all(
        pieces, path, code=code_hash(), play=play, number=1, done=lambda piece: piece.first > 0
    )
    assert ranges(path) == [(True, 0, 39)]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_what_is_played_stays_and_no_process_does(path, number):
    """The child plays 40 seeds and hangs in the next ones."""
    arguments = ["--range=0-79", "--processes=1", f"--ledger={path}"]
    with subprocess.Popen(
        [sys.executable, "-c", START, *arguments],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as child:
        assert child.stderr.readline()  # says so as soon as the first piece is recorded
        if number is signal.SIGKILL:
            child.kill()
        else:
            os.killpg(child.pid, number)
        child.stderr.read()  # to its end: that of the last process that could write there
    assert child.returncode == (-9 if number is signal.SIGKILL else 130)
    # Two pieces that are done at once are recorded in any order.
    assert ranges(path) in ([(True, 0, 19)], [(True, 20, 39)], [(True, 0, 39)])
    assert [*path.parent.iterdir()] == [path]
