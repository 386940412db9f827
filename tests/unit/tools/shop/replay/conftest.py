"""The small file that has one of everything."""

from pathlib import Path

import pytest

from tools.shop.replay.lines import classify
from tools.shop.replay.plan import Plan, make_plan
from tools.shop.replay.source import read_rows

INVOICES = Path(__file__).parent / "invoices.csv"


@pytest.fixture
def plan() -> Plan:
    return make_plan(classify(read_rows(INVOICES)))
