"""An idle month is counted from the templates with each environment's parameters."""

from collections import Counter

import pytest

from tools.check.project import ROOT
from tools.local.templates import load_template
from tools.measure.cost.conditions import is_there, resolved, values
from tools.measure.cost.idle import counted, dollars, environments, given_for_nothing
from tools.measure.cost.prices import Prices
from tools.measure.cost.series import series

pytestmark = pytest.mark.row("OPS-06")

# Of the templates as text, by hand: consumers' rules, secrets less Redis', service folders.
QUEUES, SECRETS, SERVICES = 12, 6, 9


@pytest.fixture(scope="module")
def months() -> dict[str, Counter[str]]:
    return environments()


def test_development_is_cheap_and_production_is_watched(months: dict[str, Counter[str]]) -> None:
    prices = Prices.read()
    cost = {name: sum(dollars(each, prices).values()) for name, each in months.items()}
    assert cost["dev"] < 5.6
    assert cost["dev"] - given_for_nothing(months["dev"], prices) < 5.2
    assert cost["dev"] < cost["staging"] < cost["production"] < 80


def test_what_is_counted_is_what_the_templates_have(months: dict[str, Counter[str]]) -> None:
    for each in months.values():
        assert each["queues that are polled"] == QUEUES
        assert each["secrets"] >= SECRETS
    watching = {"metrics in alarms", "dashboards", "custom metrics of the schedule"}
    assert not months["dev"].keys() & watching
    assert all(months[name].keys() >= watching for name in ("staging", "production"))
    assert months["staging"]["dashboards"] == months["production"]["dashboards"] == SERVICES
    assert months["production"]["web ACLs and their rules"] == 5 + 1


def test_a_parameter_adds_what_its_condition_makes(months: dict[str, Counter[str]]) -> None:
    """The planted change: with another parameter another month is counted."""
    redis = counted({"CacheEntries": "redis", "CacheRedisUrl": "rediss://x", "Watching": "none"})
    assert redis - months["dev"] == Counter(secrets=1)


def test_dollars_are_the_price_list_times_what_is_there() -> None:
    counts = Counter({"secrets": 2, "metrics in alarms": 30, "queues that are polled": 1})
    paid = dollars(counts, Prices.read())
    assert paid["secrets"] == pytest.approx(0.80)
    assert paid["metrics in alarms"] == pytest.approx(3.00)
    # 30 days of five polls of 20 seconds: 648 000 requests
    assert paid["queues that are polled"] == pytest.approx(0.648 * 0.40)
    assert given_for_nothing(counts, Prices.read()) == pytest.approx(1.00 + 0.648 * 0.40)


def test_conditions_are_read_as_cloudformation_reads_them() -> None:
    root = load_template(ROOT / "template.yaml")
    known = values(root, {"Environment": "production"})
    assert resolved({"Condition": "DeploysGradually"}, root, known)
    assert not is_there({"Condition": "HasRateRule"}, root, known)
    assert is_there({}, root, known)
    chosen = {"Fn::If": ["DeploysGradually", {"Ref": "Environment"}, "no"]}
    assert resolved(chosen, root, known) == "production"


def test_a_busy_hour_writes_hundreds_of_series_and_not_thousands() -> None:
    assert 300 < sum(series().values()) < 2_000
