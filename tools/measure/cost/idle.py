"""What an environment costs in a month in which nobody comes, counted from the templates."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tools.check.project import ROOT, stacks
from tools.check.resources import translate
from tools.local.templates import Template, load_template
from tools.measure.cost.conditions import is_there, resolved, values
from tools.measure.cost.prices import Prices
from tools.templates.service import camel

ENVIRONMENTS = {"dev": "default", "staging": "staging", "production": "prod"}
"""The environments of `samconfig.toml`, by what they are called here."""
PRODUCTION = {"RequestsPerAddress": 2000}
"""What production is given besides: a limit for an address."""
KINDS = (
    "metrics in alarms", "dashboards", "secrets", "customer keys", "web ACLs and their rules",
    "queues that are polled", "custom metrics of the schedule",
)  # fmt: skip
SERIES_OF_A_SCHEDULE = 7
"""Series that one on a schedule writes: its own, and those of one query and its capacity."""
_SECONDS = 30 * 86_400


def environments() -> dict[str, Counter[str]]:
    """Return how many of each kind every environment has."""
    return {name: counted(overrides(section)) for name, section in ENVIRONMENTS.items()}


def overrides(section: str) -> dict[str, Any]:
    """Return what `samconfig.toml` gives the root."""
    known = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
    written = known[section]["deploy"]["parameters"]["parameter_overrides"]
    more = PRODUCTION if section == "prod" else {}
    return dict(each.split("=", 1) for each in written) | more


def counted(given: Mapping[str, Any]) -> Counter[str]:
    """Return how many of each kind the root and its services have with these parameters."""
    root = load_template(ROOT / "template.yaml")
    known = values(root, given)
    found = Counter(kind for each in _present(root, known) for kind in _kinds(each, {}))
    for name, path in stacks().items():
        template = load_template(path)
        passed = root["Resources"][camel(name)]["Properties"].get("Parameters", {})
        own = values(template, {key: resolved(each, root, known) for key, each in passed.items()})
        translated = _translated(path, str(own["GradualDeployment"]))
        present = list(_present(translated, own))
        found.update(kind for each in present for kind in _kinds(each, own, translated))
    return found


@cache
def _translated(path: Path, gradually: str) -> Template:
    return translate(load_template(path), {"GradualDeployment": gradually})


def _present(template: Template, known: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in template["Resources"].values():
        if is_there(resource, template, known):
            yield resource


def _kinds(
    resource: Mapping[str, Any], known: Mapping[str, Any], template: Template | None = None
) -> Iterator[str]:
    properties = resource.get("Properties", {})
    match resource["Type"]:
        case "AWS::CloudWatch::Alarm":
            stats = [each for each in properties.get("Metrics", ()) if "MetricStat" in each]
            yield from ["metrics in alarms"] * max(len(stats), 1)
        case "AWS::CloudWatch::Dashboard":
            yield "dashboards"
        case "AWS::SecretsManager::Secret":
            yield "secrets"
        case "AWS::KMS::Key":
            yield "customer keys"
        case "AWS::WAFv2::WebACL":
            yield from ["web ACLs and their rules"] * (5 + len(properties["Rules"]))
        case "AWS::Lambda::EventSourceMapping" if "StartingPosition" not in properties:
            yield "queues that are polled"
        # What is written once a day is paid for by that hour: next to nothing.
        case "AWS::Events::Rule":
            often = resolved(properties.get("ScheduleExpression"), template or {}, known)
            state = resolved(properties.get("State", "ENABLED"), template or {}, known)
            if "minute" in str(often) and state == "ENABLED":
                yield from ["custom metrics of the schedule"] * SERIES_OF_A_SCHEDULE


def dollars(counts: Mapping[str, int], prices: Prices) -> dict[str, float]:
    """Return what they cost a month, by kind, without what AWS gives for nothing."""
    polls = _SECONDS / prices.of("idle", "seconds_per_poll") * prices.of("idle", "pollers")
    each = {
        "metrics in alarms": prices.of("cloudwatch", "alarm_metric"),
        "dashboards": prices.of("cloudwatch", "dashboard"),
        "secrets": prices.of("secretsmanager", "secret"),
        "customer keys": prices.of("kms", "key"),
        "web ACLs and their rules": prices.of("waf", "rule"),
        "queues that are polled": polls * prices.of("sqs", "request"),
        "custom metrics of the schedule": prices.of("cloudwatch", "series"),
    }
    return {kind: counts[kind] * each[kind] for kind in KINDS}


def given_for_nothing(counts: Mapping[str, int], prices: Prices) -> float:
    """Return what the allowances that never end take off, in an account with nothing else."""
    paid = dollars(counts, prices)
    free = {
        "metrics in alarms": 10 * prices.of("cloudwatch", "alarm_metric"),
        "dashboards": 3 * prices.of("cloudwatch", "dashboard"),
        "queues that are polled": 1e6 * prices.of("sqs", "request"),
        "custom metrics of the schedule": 10 * prices.of("cloudwatch", "series"),
    }
    return sum(min(paid[kind], most) for kind, most in free.items())
