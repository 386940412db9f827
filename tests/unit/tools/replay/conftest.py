"""The small file that has one of everything."""

from pathlib import Path

import pytest

from tools.replay.lines import classify
from tools.replay.plan import Plan, make_plan
from tools.replay.source import read_rows

INVOICES = Path(__file__).parent / "invoices.csv"


@pytest.fixture
def plan() -> Plan:
    return make_plan(classify(read_rows(INVOICES)))
