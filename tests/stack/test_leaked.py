"""`make leaked OF=signing-secret`, on a stack of its own: it ends everybody's tokens."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from tools.lab.support.shop import PASSWORD
from tools.local.options import Options
from tools.local.reporter import Reporter
from tools.local.stack import LocalStack
from tools.operate.leaked import main

pytestmark = pytest.mark.row("SEC-02")
EMAIL = "ada@example.com"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    work_dir = tmp_path_factory.mktemp("leaked")
    options = Options(port=0, front_port=0, services=("identity",), work_dir=work_dir)
    with LocalStack(options, Reporter()) as running:
        yield running


@pytest.fixture(scope="module")
def http(stack: LocalStack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.base_url, timeout=60, trust_env=False) as client:
        body = {"email": EMAIL, "password": PASSWORD, "name": "Ada"}
        assert client.post("/api/v1/auth/register", json=body).status_code == 201
        yield client


def token(http: httpx.Client) -> str:
    answer = http.post("/api/v1/auth/login", json={"email": EMAIL, "password": PASSWORD})
    found: str = answer.json()["data"]["access_token"]
    return found


def me(http: httpx.Client, token: str) -> httpx.Response:
    return http.get("/api/v1/users/me", headers={"authorization": f"Bearer {token}"})


def rotate(stack: LocalStack, **asked: bool) -> Any:
    answer = stack.client("lambda").invoke(
        FunctionName=stack.function("identity", "rotate_signing_keys"),
        Qualifier="live",
        Payload=json.dumps(asked),
    )
    return json.loads(answer["Payload"].read())


def published(http: httpx.Client) -> list[str]:
    """The keys, of an answer that the front door has not kept from before."""
    told = http.get("/.well-known/jwks.json", headers={"accept-language": str(uuid4())})
    return [key["kid"] for key in told.json()["keys"]]


@pytest.fixture(scope="module", autouse=True)
def at_first(http: httpx.Client) -> tuple[list[str], str]:
    """The keys published, and the one that signs, before any test has rotated them."""
    return published(http), jwt.get_unverified_header(token(http))["kid"]


def test_a_fresh_stack_has_published_the_key_that_it_signs_with(at_first):
    there, signing = at_first
    assert there == [signing]


def test_a_key_that_is_announced_is_published_beside_the_one_that_signs(stack, http):
    announced = rotate(stack, start=True)["announced"]
    assert announced in published(http)
    assert jwt.get_unverified_header(token(http))["kid"] != announced


def test_a_leaked_key_is_refused_at_the_next_request_and_log_ins_go_on(stack, http):
    leaked = token(http)
    assert me(http, leaked).status_code == 200
    assert main(["signing-secret", "--work-dir", str(stack.options.work_dir)]) == 0
    refused = me(http, leaked)
    assert refused.status_code == 401
    assert refused.json()["error"]["details"]["reason"] == "unknown_key"
    assert me(http, token(http)).status_code == 200
    assert jwt.get_unverified_header(leaked)["kid"] not in published(http)


def test_a_services_leaked_secret_signs_and_verifies_nothing_any_more(stack, http, capsys):
    secrets, resources = (
        stack.client("secretsmanager"), stack.description.services["identity"].resources
    )  # fmt: skip
    secret = resources["ServiceSecret"]
    before = secrets.get_secret_value(SecretId=secret)["SecretString"]
    asked = ["service-secret", "--service", "identity"]
    assert main([*asked, "--work-dir", str(stack.options.work_dir)]) == 0
    for stage in ("AWSCURRENT", "AWSPREVIOUS"):
        value = secrets.get_secret_value(SecretId=secret, VersionStage=stage)["SecretString"]
        assert value != before
    assert "functions published anew" in capsys.readouterr().out
    client, log_in = stack.client("lambda"), stack.function("identity", "log_in")
    live = client.get_function_configuration(FunctionName=log_in, Qualifier="live")
    assert live["Environment"]["Variables"]["RESTARTED_AT"]
    assert me(http, token(http)).status_code == 200


def test_who_verifies_may_not_read_the_private_halves(stack, http):
    """The emulator enforces the roles: what `authorize` is given is refused the secret."""
    iam, functions = stack.client("iam"), stack.client("lambda")
    may = {}
    for use_case, name in stack.description.services["identity"].functions.items():
        role = functions.get_function_configuration(FunctionName=name)["Role"].rsplit("/", 1)[-1]
        policies = [
            iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
        ]
        may[use_case] = "SigningSecret" in json.dumps(policies)
    assert {use_case for use_case, allowed in may.items() if allowed} == {
        "log_in",
        "refresh_tokens",
        "rotate_signing_keys",
    }
