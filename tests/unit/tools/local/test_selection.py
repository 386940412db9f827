import pytest

from tools.entry.names import UnknownName
from tools.local.options import PROJECT_ROOT
from tools.local.selection import select_services
from tools.local.templates import load_template

ROOT = load_template(PROJECT_ROOT / "template.yaml")


def test_what_is_left_out_is_not_referred_to() -> None:
    cut = select_services(ROOT, ["orders", "payments"])
    text = str(cut["Resources"])
    for absent in ("Identity", "Catalog", "Gateway"):
        assert absent not in cut["Resources"]
        assert f"'{absent}'" not in text
    assert "CatalogTableName" not in cut["Resources"]["Orders"]["Properties"]["Parameters"]
    config = cut["Resources"]["FrontDoor"]["Properties"]["DistributionConfig"]
    assert {origin["Id"] for origin in config["Origins"]} == {"orders", "payments"}
    targets = {behaviour["TargetOriginId"] for behaviour in config["CacheBehaviors"]}
    assert targets == {"orders", "payments"}
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == "orders"


def test_what_is_kept_keeps_its_references() -> None:
    cut = select_services(ROOT, ["identity", "catalog", "orders", "gateway"])
    parameters = cut["Resources"]["Orders"]["Properties"]["Parameters"]
    assert parameters == ROOT["Resources"]["Orders"]["Properties"]["Parameters"]


def test_an_unknown_service_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match=r"shipping.*There are: .*orders"):
        select_services(ROOT, ["orders", "shipping"])
