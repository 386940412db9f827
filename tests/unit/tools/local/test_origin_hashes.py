"""The root template's inline function: what a deployment learns of the front door's secret."""

import json
from typing import Any

import boto3
import pytest

from tests.support.custom_resources import cloudformation
from tools.local.options import PROJECT_ROOT
from tools.local.templates import load_template

FUNCTION = load_template(PROJECT_ROOT / "template.yaml")["Resources"]["OriginHashesFunction"]
# printf s3cret | openssl dgst -sha256 -binary | basenc --base64url
CURRENT, PREVIOUS = (
    "HsHCa1DV08WNlYMYGvgHZlX-AHVr9yhZQLo2cPmfy6A",
    "mp8mfi8J3ExRllWC0E2-VdO0bH_VfSvrescJK2ypIZM",
)


def handled(kind: str, secret: str) -> dict[str, Any]:
    """Run the code as it stands in the template, and return what CloudFormation hears."""
    names: dict[str, Any] = {}
    exec(FUNCTION["Properties"]["Code"]["ZipFile"], names)  # noqa: S102  # the template's own
    with cloudformation() as (url, told):
        names["handler"](
            {
                "RequestType": kind,
                "ResponseURL": url,
                "StackId": "s",
                "RequestId": "r",
                "LogicalResourceId": "OriginHashes",
                "ResourceProperties": {"Secret": secret},
            },
            None,
        )
    (answer,) = told
    assert {answer[key] for key in ("StackId", "RequestId")} == {"s", "r"}
    return answer


@pytest.mark.usefixtures("moto")
def test_a_deployment_learns_the_hashes_and_the_version_before_and_after_a_rotation() -> None:
    client = boto3.client("secretsmanager")
    arn = client.create_secret(Name="origin", SecretString="0ld")["ARN"]
    first = handled("Create", arn)
    assert (first["Status"], first["Data"]["Hashes"]) == ("SUCCESS", PREVIOUS)
    version = client.put_secret_value(SecretId=arn, SecretString="s3cret")["VersionId"]
    second = handled("Update", arn)
    assert second["Data"] == {"Hashes": f"{CURRENT},{PREVIOUS}", "Version": version}
    assert second["PhysicalResourceId"] == first["PhysicalResourceId"]  # else it would be replaced
    assert handled("Delete", arn)["Status"] == "SUCCESS"
    assert "s3cret" not in json.dumps(second)


@pytest.mark.usefixtures("moto")
def test_a_secret_that_cannot_be_read_fails_the_deployment_at_once() -> None:
    answer = handled("Create", "no-such-secret")
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("ResourceNotFoundException")


def test_what_a_version_is_published_by_has_room_for_both_hashes() -> None:
    """Lambda takes 256 characters; addresses of mail are the longest of what else is in it."""
    for path in sorted((PROJECT_ROOT / "functions").glob("*/*template.yaml")):
        for name, resource in load_template(path)["Resources"].items():
            described = resource.get("Properties", {}).get("VersionDescription")
            if described is None:
                continue
            text = described["Fn::Sub"].replace("${OriginVerifyHashes}", "x" * 87)
            text = text.replace("${SnapStart}", "PublishedVersions")
            text = text.replace("${SenderEmail}", "x" * 50).replace("${SalesEmail}", "x" * 50)
            assert len(text) <= 256, name
