"""schemathesis walks the links of the document, on the handlers."""

import json
import subprocess
import sys

import pytest

from tools.check.project import ROOT

SCENARIOS = 20
LEAST_LINKS = 50


@pytest.mark.row("API-05")
def test_schemathesis_walks_the_links_and_finds_nothing():
    done = subprocess.run(
        [sys.executable, "-m", "tools.lab.fuzz.stateful", "--scenarios", str(SCENARIOS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["failures"] == {}, done.stdout
    assert report["links"] > 60
    assert report["walked"] >= LEAST_LINKS
    assert report["fruitful"] >= LEAST_LINKS * 2 // 3
    assert done.returncode == 0
