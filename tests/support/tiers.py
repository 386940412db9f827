"""Which tests belong to a tier, and whether its program is here.

A test is of a tier when it asks for the fixture of that name, or has a parameter that is marked.
"""

import os
from functools import cache

import pytest

from tests.support import browser, redis_server
from tools.check.tiers import NAMES, named
from tools.lab.support import call_record, dynamodb_local

DYNAMODB_LOCAL = pytest.param("dynamodb_local", marks=pytest.mark.tier("dynamodb_local"))
REDIS = pytest.param("redis", marks=pytest.mark.tier("redis"))


def mark(item: pytest.Item) -> None:
    """Mark a test that asks for the fixture of a tier."""
    for name in sorted(NAMES.intersection(getattr(item, "fixturenames", ()))):
        item.add_marker(pytest.mark.tier(name))


def of(item: pytest.Item) -> set[str]:
    """Return the tiers of a test; `KeyError` for one that does not exist."""
    return {named(name).name for marker in item.iter_markers("tier") for name in marker.args}


def enter(item: pytest.Item) -> None:
    """Let the call record know the tiers of the test; skip it where one is missing."""
    tiers = sorted(of(item))
    os.environ[call_record.TIERS] = ",".join(tiers)
    for name in tiers:
        if missing := _missing(name):
            pytest.skip(named(name).reason(missing))


@cache
def _missing(name: str) -> str:
    """Return what a tier lacks on this machine, or nothing."""
    try:
        {
            "chromium": browser.command,
            "dynamodb_local": dynamodb_local.prepare,
            "redis": redis_server.command,
        }[name]()
    except (browser.Unavailable, dynamodb_local.Unavailable, redis_server.Unavailable) as missing:
        return str(missing)
    return ""
