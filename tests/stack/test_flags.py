"""Flags on the deployed stack: set over HTTP, published to AppConfig, read by the functions."""

import json

import pytest

from shared.platform.flags.names import MEANINGS, Flag
from tools.lab.support.shop import eventually

pytestmark = pytest.mark.row("FLG-01", "FLG-02")


def published(stack):
    """The document that AppConfig has deployed, if any."""
    appconfig = stack.client("appconfig")
    (application,) = (
        each for each in appconfig.list_applications()["Items"] if each["Name"].endswith("-flags")
    )
    known = {"ApplicationId": application["Id"]}
    (environment,) = appconfig.list_environments(**known)["Items"]
    (profile,) = appconfig.list_configuration_profiles(**known)["Items"]
    data = stack.client("appconfigdata")
    session = data.start_configuration_session(
        ApplicationIdentifier=application["Id"],
        EnvironmentIdentifier=environment["Id"],
        ConfigurationProfileIdentifier=profile["Id"],
    )
    token = session["InitialConfigurationToken"]
    body = data.get_latest_configuration(ConfigurationToken=token)["Configuration"].read()
    return json.loads(body or "{}")


def test_an_administrator_sets_a_flag_and_functions_read_it(stack, shop, customer):
    listed = shop.admin.get("/api/v1/flags").json()["data"]
    assert {each["name"] for each in listed} == {str(flag) for flag in Flag}
    path = f"/api/v1/flags/{Flag.CUSTOMER_MAILS}"
    quiet = {"enabled": True, "users_off": [customer.id]}
    try:
        answer = shop.admin.request("PUT", path, json=quiet)
        assert answer.status_code == 200, answer.text
        document = eventually(
            lambda: published(stack),
            lambda found: "rules" in found.get(Flag.CUSTOMER_MAILS, {}),
            "the flag reaches AppConfig",
        )
        rule = document[Flag.CUSTOMER_MAILS]["rules"]["users off"]
        assert rule["conditions"][0]["value"] == [customer.id]
        assert customer.get("/api/v1/flags").status_code == 403
        assert customer.request("PUT", path, json={"enabled": False}).status_code == 403
    finally:
        shop.admin.request("PUT", path, json={"enabled": MEANINGS[Flag.CUSTOMER_MAILS].default})
    shop.new_customer()  # whose welcome asks the flag
    lines = stack.logs(functions={stack.function("notifications", "notify_on_event")})
    assert lines
    assert not [line for line in lines if "flags could not be read" in line.message]
