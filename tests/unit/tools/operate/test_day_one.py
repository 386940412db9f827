"""Day one: each thing that only an account proves is told when it is not so, in a sentence."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tools.operate.day_one import table
from tools.operate.day_one_checks import BY_HAND, CHECKS, Account, Answer, Finding, look

OURS = {"success": True, "data": {"status": "ok"}}
FLAGS = ("Application", "Environment", "Profile")
BARE = {"message": "Unauthorized"}
REFUSED: Any = {"Error": {"Code": "ValidationError", "Message": "must be one of [python3.13]"}}


class Clients:
    """An account in which everything is as it should be; tests spoil one thing of it."""

    def __init__(self) -> None:
        self.state = "CREATE_COMPLETE"
        self.parameters = {"Environment": "production", "PythonVersion": "python3.13"}
        self.deployments = ["1"]
        self.versions = [2, 1]
        self.changes: list[dict[str, Any]] = []
        self.accepts_other_runtimes = False
        self.protected = True
        self.terminable = False
        self.concurrency = 1000
        self.made: list[str] = []
        self.removed: list[str] = []

    def __call__(self, _: str) -> Any:
        return self

    def describe_stacks(self, **asked: str) -> Any:
        told = {"Stacks": [{"StackStatus": self.state, "Outputs": []}]}
        (stack,) = told["Stacks"]
        output = {"s": ("BaseUrl", "https://shop"), "nested": ("ApiEndpoint", "https://api")}
        key, value = output[asked["StackName"]]
        stack["Outputs"] = [{"OutputKey": key, "OutputValue": value}]
        stack["EnableTerminationProtection"] = not self.terminable
        stack["Parameters"] = [
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in self.parameters.items()
        ]
        return told

    def get_paginator(self, _: str) -> Any:
        return self

    def paginate(self, **asked: str) -> Any:
        listed = {
            "s": [("Payments", "AWS::CloudFormation::Stack", "nested")]
            + [
                (f"Flags{n}", "AWS::AppConfig", n)
                for n in ("Application", "Environment", "Profile")
            ],
            "nested": [("Table", "AWS::DynamoDB::Table", "table")],
        }
        return [
            {
                "StackResourceSummaries": [
                    {"LogicalResourceId": name, "ResourceType": kind, "PhysicalResourceId": id_}
                    for name, kind, id_ in listed[asked["StackName"]]
                ]
            }
        ]

    def list_deployments(self, **_: str) -> Any:
        return {"Items": self.deployments}

    def list_hosted_configuration_versions(self, **_: str) -> Any:
        return {"Items": [{"VersionNumber": number} for number in self.versions]}

    def create_change_set(self, **request: Any) -> Any:
        changed = [p for p in request["Parameters"] if "ParameterValue" in p]
        if changed and not self.accepts_other_runtimes:
            raise ClientError(REFUSED, "CreateChangeSet")
        self.made.append(request["ChangeSetName"])
        return {"Id": request["ChangeSetName"]}

    def get_waiter(self, _: str) -> Any:
        return self

    def wait(self, **_: Any) -> None: ...

    def describe_change_set(self, **asked: str) -> Any:
        if asked["ChangeSetName"] == "below":
            return {"Changes": self.changes}
        nested = {"LogicalResourceId": "Payments", "ResourceType": "s", "ChangeSetId": "below"}
        return {"Changes": [{"ResourceChange": nested}]}

    def delete_change_set(self, **asked: str) -> None:
        self.removed.append(asked["ChangeSetName"])

    def get_account_settings(self) -> Any:
        return {"AccountLimit": {"ConcurrentExecutions": self.concurrency}}

    def describe_table(self, **asked: str) -> Any:
        known = {"TableName": asked["TableName"], "StreamSpecification": {"StreamEnabled": True}}
        return {"Table": known | {"DeletionProtectionEnabled": self.protected}}


class Web:
    """What the front door and the origins answer."""

    def __init__(self) -> None:
        self.answers = {
            "https://shop/health": Answer(200, {}, OURS),
            "https://api/api/v1/none": Answer(403, {}, OURS),
            "https://shop/api/v1/users/me": Answer(401, {"www-authenticate": "Bearer"}, OURS),
            "https://shop/.well-known/jwks.json": Answer(200, {}, {"keys": []}),
        }

    def __call__(self, url: str, _: dict[str, str]) -> Answer:
        return self.answers[url]


def looked(clients: Clients, web: Web) -> dict[str, Finding]:
    return {each.what: each for each in look(Account(clients, "s", web), CHECKS)}


def test_an_account_that_is_as_it_should_be_and_nothing_that_stays_behind() -> None:
    clients = Clients()
    found = looked(clients, Web())
    assert found.pop(BY_HAND.what) == BY_HAND
    assert {each.verdict for each in found.values()} == {"ok"}, found
    assert clients.made == clients.removed
    assert len(clients.made) == 1
    assert "the newest first" in found["AppConfig"].says
    assert table(list(found.values())).row_count == len(CHECKS)


@pytest.mark.parametrize(
    ("spoiled", "what", "said"),
    [
        ({"state": "UPDATE_ROLLBACK_COMPLETE"}, "every stack is complete", "s is UPDATE_ROLLBACK"),
        ({"deployments": []}, "AppConfig", "Nothing is deployed"),
        ({"accepts_other_runtimes": True}, "one runtime", "PythonVersion=python3.12 would be"),
        ({"concurrency": 10}, "the quota of Lambda", "10 concurrent executions; ask for 100"),
        ({"protected": False}, "protection from deletion", "Not protected from deletion: table"),
        ({"terminable": True}, "protection from deletion", "no termination protection"),
        (
            {
                "changes": [
                    {
                        "ResourceChange": {
                            "LogicalResourceId": "First",
                            "ResourceType": "AWS::AppConfig::Deployment",
                            "Replacement": "True",
                        }
                    }
                ]
            },
            "a stack's tag",
            "would replace First (AWS::AppConfig::Deployment)",
        ),
    ],
)
def test_what_is_not_so_is_told(spoiled: dict[str, Any], what: str, said: str) -> None:
    clients = Clients()
    for name, value in spoiled.items():
        assert hasattr(clients, name)
        setattr(clients, name, value)
    found = looked(clients, Web())[what]
    assert found.verdict == "FAILED"
    assert said in found.says
    assert clients.made == clients.removed


@pytest.mark.parametrize(
    ("url", "answer", "said"),
    [
        ("https://shop/health", Answer(502, {}, None), "do the layers load?"),
        ("https://api/api/v1/none", Answer(404, {}, OURS), "https://api answers 404"),
        ("https://api/api/v1/none", Answer(403, {}, BARE), "https://api answers 403"),
        ("https://shop/api/v1/users/me", Answer(401, {}, BARE), "not our 401"),
        (
            "https://shop/api/v1/users/me",
            Answer(401, {"x-amzn-remapped-www-authenticate": "Bearer"}, OURS),
            "came as ['x-amzn-remapped-www-authenticate']",
        ),
        ("https://shop/.well-known/jwks.json", Answer(401, {}, BARE), "JWKS is 401"),
    ],
)
def test_what_answers_otherwise_is_told(url: str, answer: Answer, said: str) -> None:
    web = Web()
    web.answers[url] = answer
    failed = [each for each in looked(Clients(), web).values() if each.verdict == "FAILED"]
    assert [said in each.says for each in failed] == [True]


def test_what_cannot_be_asked_is_a_sentence_and_stops_nothing_else() -> None:
    class Narrow(Clients):
        def get_account_settings(self) -> Any:
            refused: Any = {"Error": {"Code": "AccessDenied", "Message": "not for you"}}
            raise ClientError(refused, "GetAccountSettings")

        def list_deployments(self, **_: str) -> Any:
            raise EndpointConnectionError(endpoint_url="https://appconfig")

    found = looked(Narrow(), Web())
    assert found["the quota of Lambda"].says == (
        "It could not be asked: GetAccountSettings was refused, AccessDenied: not for you"
    )
    assert found["AppConfig"].verdict == "not known"
    assert found["one runtime"].verdict == "ok"
