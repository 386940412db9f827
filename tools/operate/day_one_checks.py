"""What `day_one` looks at: each check names what it is about, and returns what it has found."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError, WaiterError

Verdict = Literal["ok", "FAILED", "not known"]
Found = tuple[Verdict, str]
NESTED = "AWS::CloudFormation::Stack"
CONCURRENCY = 100
_PATIENCE = {"Delay": 5, "MaxAttempts": 60}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an HTTP request got; header names in lower case, and JSON if it was any."""

    status: int
    headers: Mapping[str, str]
    said: Any

    @property
    def is_ours(self) -> bool:
        """Whether a function of ours wrote it, and not a gateway."""
        return isinstance(self.said, dict) and "success" in self.said


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table."""

    verdict: Verdict
    what: str
    says: str


@dataclass(slots=True)
class Account:
    """The account, as far as the checks go."""

    client: Callable[[str], Any]
    stack: str
    ask: Callable[[str, dict[str, str]], Answer]
    front_door: str = ""
    _known: dict[str, Any] = field(default_factory=dict)

    def described(self, name: str = "") -> dict[str, Any]:
        """Return what CloudFormation says of a stack; the root by default."""
        name = name or self.stack
        if name not in self._known:
            answer = self.client("cloudformation").describe_stacks(StackName=name)
            self._known[name] = answer["Stacks"][0]
        found: dict[str, Any] = self._known[name]
        return found

    def outputs(self, name: str = "") -> dict[str, str]:
        listed = self.described(name).get("Outputs", [])
        return {each["OutputKey"]: each["OutputValue"] for each in listed}

    def resources(self, name: str = "") -> dict[str, dict[str, Any]]:
        """Return a stack's resources by their logical ids."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        listed = pages.paginate(StackName=name or self.stack)
        return {
            each["LogicalResourceId"]: each
            for page in listed
            for each in page["StackResourceSummaries"]
        }

    def services(self) -> list[str]:
        """Return the nested stacks."""
        known = self.resources().values()
        return [each["PhysicalResourceId"] for each in known if each["ResourceType"] == NESTED]

    def base_url(self) -> str:
        return self.front_door or self.outputs()["BaseUrl"]


def complete(account: Account) -> Found:
    states = {name: account.described(name)["StackStatus"] for name in _all(account)}
    bad = [f"{name} is {state}" for name, state in states.items() if not _is_settled(state)]
    return ("FAILED", "; ".join(bad)) if bad else ("ok", f"{len(states)} stacks are there")


def answers(account: Account) -> Found:
    answer = account.ask(f"{account.base_url()}/health", {})
    if answer.status == 200 and answer.is_ours:  # noqa: PLR2004
        return "ok", f"/health answers: {answer.said['data']}"
    return "FAILED", f"/health is {answer.status}: do the layers load? See the function's log."


def origins_are_closed(account: Account) -> Found:
    open_ones, asked = [], 0
    for name in account.services():
        if endpoint := account.outputs(name).get("ApiEndpoint"):
            answer = account.ask(f"{endpoint}/api/v1/none", {})
            asked += 1
            if answer.status != 403 or not answer.is_ours:  # noqa: PLR2004
                open_ones.append(f"{endpoint} answers {answer.status}")
    if open_ones:
        return "FAILED", f"The front door can be passed by: {'; '.join(open_ones)}"
    return ("ok", f"{asked} APIs refuse") if asked else ("not known", "No stack has an API.")


def anonymous_is_told(account: Account) -> Found:
    answer = account.ask(f"{account.base_url()}/api/v1/users/me", {})
    if answer.status != 401 or not answer.is_ours:  # noqa: PLR2004
        return "FAILED", (
            f"Without credentials it is {answer.status}, not our 401: the gateway wants a header "
            "before it asks the authorizer. Look at identitySource of the API's authorizer."
        )
    names = [name for name in answer.headers if name.endswith("www-authenticate")]
    if names == ["www-authenticate"]:
        return "ok", "401 in our words, with WWW-Authenticate"
    return "FAILED", f"401 in our words, but WWW-Authenticate came as {names or 'nothing'}."


def public_is_public(account: Account) -> Found:
    answer = account.ask(f"{account.base_url()}/.well-known/jwks.json", {"authorization": "x"})
    is_open = answer.status == 200  # noqa: PLR2004
    return ("ok", "NONE is no authorizer") if is_open else ("FAILED", f"JWKS is {answer.status}.")


def flags_are_deployed(account: Account) -> Found:
    known = account.resources()
    client = account.client("appconfig")
    # CloudFormation's id of an environment or profile may have the application's before it.
    ids = {
        name: known[f"Flags{name}"]["PhysicalResourceId"].rpartition("|")[2].rpartition("/")[2]
        for name in ("Application", "Environment", "Profile")
    }
    application = ids["Application"]
    if not client.list_deployments(ApplicationId=application, EnvironmentId=ids["Environment"])[
        "Items"
    ]:
        return "FAILED", "Nothing is deployed in AppConfig: FlagsStart has not done its work."
    listed = client.list_hosted_configuration_versions(
        ApplicationId=application, ConfigurationProfileId=ids["Profile"]
    )
    numbers = [each["VersionNumber"] for each in listed["Items"]]
    order = "one version" if len(numbers) < 2 else _order(numbers)  # noqa: PLR2004
    return "ok", f"Flags are deployed; versions are listed: {order}."


def tags_replace_nothing(account: Account) -> Found:
    tags = [*account.described().get("Tags", []), {"Key": "day-one", "Value": "looked at"}]
    replaced = list(_replaced(account, Tags=tags))
    if replaced:
        return "FAILED", f"Another tag of the stack would replace {', '.join(replaced)}."
    return "ok", "Another tag of the stack would replace nothing."


def other_runtimes_are_refused(account: Account) -> Found:
    given = {p["ParameterKey"]: p["ParameterValue"] for p in account.described()["Parameters"]}
    other = next(v for v in ("python3.12", "python3.13") if v != given["PythonVersion"])
    try:
        list(_replaced(account, PythonVersion=other))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return "ok", f"CloudFormation refuses PythonVersion={other}."
        raise
    return "FAILED", f"PythonVersion={other} would be taken: deploy what `make build` has built."


def concurrency_suffices(account: Account) -> Found:
    limits = account.client("lambda").get_account_settings()["AccountLimit"]
    found = limits["ConcurrentExecutions"]
    if found < CONCURRENCY:
        return "FAILED", f"{found} concurrent executions; ask for {CONCURRENCY} at least (ADR 37)."
    return "ok", f"{found} concurrent executions"


def data_is_kept(account: Account) -> Found:
    client, found = account.client("dynamodb"), []
    given = {p["ParameterKey"]: p["ParameterValue"] for p in account.described()["Parameters"]}
    for name in account.services():
        for each in account.resources(name).values():
            if each["ResourceType"] == "AWS::DynamoDB::Table":
                table = client.describe_table(TableName=each["PhysicalResourceId"])["Table"]
                if table.get("StreamSpecification") and not table.get("DeletionProtectionEnabled"):
                    found.append(table["TableName"])
    if given.get("Environment") != "production":
        return "ok", "Tables are protected from deletion in production alone."
    if found:
        return "FAILED", f"Not protected from deletion: {', '.join(found)}"
    if not account.described().get("EnableTerminationProtection"):
        return "FAILED", "The stack has no termination protection (see the runbook)."
    return "ok", "Tables and stack are protected."


CHECKS: dict[str, Callable[[Account], Found]] = {
    "every stack is complete": complete,
    "the front door answers from the built layers": answers,
    "the origin's secret reached services and distribution": origins_are_closed,
    "an empty identitySource asks the authorizer": anonymous_is_told,
    "a route without authorizer": public_is_public,
    "AppConfig": flags_are_deployed,
    "a stack's tag": tags_replace_nothing,
    "one runtime": other_runtimes_are_refused,
    "the quota of Lambda": concurrency_suffices,
    "protection from deletion": data_is_kept,
}
BY_HAND = Finding(
    "not known",
    "a canary of a change in a layer alone",
    "Not without a deployment: the drill of the runbook, once in staging.",
)


def look(account: Account, checks: Mapping[str, Callable[[Account], Found]]) -> list[Finding]:
    """Return what every check has found; one that cannot be made says why and stops no other."""
    found = []
    for what, check in checks.items():
        try:
            verdict, says = check(account)
        except (ClientError, BotoCoreError, OSError, KeyError) as error:
            verdict, says = "not known", f"It could not be asked: {_sentence(error)}"
        found.append(Finding(verdict, what, says))
    return [*found, BY_HAND]


def _sentence(error: Exception) -> str:
    if isinstance(error, ClientError):
        said = error.response["Error"]
        return f"{error.operation_name} was refused, {said['Code']}: {said.get('Message', '')}"
    if isinstance(error, KeyError):
        return f"there is no {error.args[0]} in the stack."
    return str(error)


def _all(account: Account) -> Sequence[str]:
    return [account.stack, *account.services()]


def _is_settled(state: str) -> bool:
    return state.endswith("_COMPLETE") and "ROLLBACK" not in state and "DELETE" not in state


def _order(numbers: Sequence[int]) -> str:
    if list(numbers) == sorted(numbers):
        return "the oldest first"
    return "the newest first" if list(numbers) == sorted(numbers)[::-1] else "in no order"


def _replaced(account: Account, Tags: Any = None, **changed: str) -> Iterator[str]:  # noqa: N803
    """What a change set of the deployed template would replace; it is removed, never executed."""
    client, name = account.client("cloudformation"), f"day-one-{uuid4().hex[:8]}"
    keys = [each["ParameterKey"] for each in account.described().get("Parameters", [])]
    made = client.create_change_set(
        StackName=account.stack,
        ChangeSetName=name,
        UsePreviousTemplate=True,
        IncludeNestedStacks=True,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[
            {"ParameterKey": key, "ParameterValue": changed[key]}
            if key in changed
            else {"ParameterKey": key, "UsePreviousValue": True}
            for key in keys
        ],
        **({"Tags": Tags} if Tags else {}),
    )
    try:
        with suppress(WaiterError):  # one without changes "fails", and has none to list
            client.get_waiter("change_set_create_complete").wait(
                ChangeSetName=made["Id"], WaiterConfig=_PATIENCE
            )
        yield from _replacements(client, made["Id"])
    finally:
        client.delete_change_set(ChangeSetName=made["Id"])


def _replacements(client: Any, change_set: str) -> Iterator[str]:
    further: dict[str, str] = {}
    while True:
        page = client.describe_change_set(ChangeSetName=change_set, **further)
        for each in page.get("Changes", []):
            change = each["ResourceChange"]
            if change.get("Replacement") == "True":
                yield f"{change['LogicalResourceId']} ({change['ResourceType']})"
            if nested := change.get("ChangeSetId"):
                yield from _replacements(client, nested)
        if not (token := page.get("NextToken")):
            return
        further = {"NextToken": token}
