"""The root template's inline function that deploys the first flags and removes all at the end."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.appconfig import AppConfig
from tests.support.custom_resources import cloudformation
from tools.local.options import PROJECT_ROOT
from tools.local.templates import load_template

RESOURCES = load_template(PROJECT_ROOT / "template.yaml")["Resources"]
CODE = RESOURCES["FlagsStartFunction"]["Properties"]["Code"]["ZipFile"]
KNOWN = {"Application": "a", "Environment": "e", "Profile": "p", "Strategy": "s"}


def handled(kind: str, appconfig: Any) -> dict[str, Any]:
    """Run the code as it stands in the template, and return what CloudFormation hears."""
    names: dict[str, Any] = {}
    exec(CODE, names)  # noqa: S102  # the template's own
    names["boto3"] = SimpleNamespace(client={"appconfig": appconfig}.__getitem__)
    with cloudformation() as (url, told):
        known = {"StackId": "s", "RequestId": "r", "LogicalResourceId": "FlagsStart"}
        event = known | {"RequestType": kind, "ResponseURL": url, "ResourceProperties": KNOWN}
        names["handler"](event, None)
    (answer,) = told
    assert {key: answer[key] for key in known} == known
    return answer


def test_a_new_stack_deploys_a_document_without_flags_and_no_update_does_so_again() -> None:
    appconfig = AppConfig()
    created = handled("Create", appconfig)
    assert (created["Status"], appconfig.deployed) == ("SUCCESS", ["1"])
    assert appconfig.newest == b'{"none_set_yet":{"default":true}}'
    appconfig.versions[2], appconfig.deployed = b"what people set", ["1", "2"]
    for kind in ("Update", "Create"):  # it may be made anew over what is deployed
        answer = handled(kind, appconfig)
        assert answer["PhysicalResourceId"] == created["PhysicalResourceId"]
    assert (appconfig.deployed, len(appconfig.versions)) == (["1", "2"], 2)


def test_a_stack_that_goes_leaves_no_version_that_would_hold_the_profile() -> None:
    appconfig = AppConfig()
    appconfig.versions = dict.fromkeys(range(1, 60), b"")
    assert handled("Delete", appconfig)["Status"] == "SUCCESS"
    assert appconfig.versions == {}
    assert handled("Delete", appconfig)["Status"] == "SUCCESS"


def test_what_appconfig_refuses_fails_the_deployment_at_once() -> None:
    answer = handled("Create", SimpleNamespace())
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("AttributeError")


def test_no_version_or_deployment_is_the_stacks_own() -> None:
    """A stack's tag would replace such a deployment, and a version would outlive its profile."""
    kinds = {each["Type"] for each in RESOURCES.values()}
    assert not kinds & {"AWS::AppConfig::Deployment", "AWS::AppConfig::HostedConfigurationVersion"}
    start = RESOURCES["FlagsStart"]["Properties"]
    assert start.keys() == {"ServiceToken", *KNOWN}


@pytest.mark.parametrize("name", ["FlagsStart", "OriginHashes"])
def test_a_custom_resource_has_a_log_group_and_rights_of_its_own(name: str) -> None:
    function = RESOURCES[f"{name}Function"]["Properties"]
    assert function["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
    assert function["LoggingConfig"] == {"LogGroup": {"Ref": f"{name}LogGroup"}}
