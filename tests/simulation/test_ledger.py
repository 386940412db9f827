"""A row of the ledger of seeds is of the code that it names: what counts is what is read."""

import json
import re
import subprocess
import sys

from tools.check.project import ROOT
from tools.lab.simulation.ledger.code import PRODUCT, code_hash, files
from tools.lab.simulation.ledger.ledger import LEDGER, played
from tools.lab.simulation.ledger.played import PYTHON
from tools.lab.simulation.ledger.playing import play
from tools.lab.simulation.trying import try_seed

OPENED = """
import json, os, sys
opened = set()
sys.addaudithook(lambda event, its: event == "open" and opened.add(str(its[0])))
from tools.lab.simulation.trying import try_seed
try_seed(3)
print(json.dumps(sorted(map(os.path.abspath, opened))))
"""
_COMPILED = re.compile(r"__pycache__/(\w+)\.[\w.-]+\.pyc$")


def test_every_file_that_a_seed_reads_counts():
    done = subprocess.run(
        [sys.executable, "-c", OPENED],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    ours = f"{ROOT}/"
    read = {
        _COMPILED.sub(r"\1.py", path.removeprefix(ours))
        for path in json.loads(done.stdout)
        if path.startswith(ours) and not path.startswith(f"{ours}.venv")
    }
    empty = {path for path in read if not (ROOT / path).read_bytes()}
    assert len(read) > 500
    assert read - empty - {*files()} == set()
    assert read - {*files(patterns=PRODUCT)} != set()


def test_a_recorded_piece_is_what_anybody_plays():
    piece = play(range(3, 5), "c0de")
    assert (piece.first, piece.last, piece.violations) == (3, 4, [])
    assert piece.trace == try_seed(3).trace.digest()
    assert piece.steps == sum(try_seed(seed).steps for seed in (3, 4))


def test_the_rows_of_the_code_as_it_is_show_what_it_does():
    now = [each for each in played(LEDGER) if (each.code, each.python) == (code_hash(), PYTHON)]
    assert {each.first: each.trace for each in now} == {
        each.first: try_seed(each.first).trace.digest() for each in now
    }
