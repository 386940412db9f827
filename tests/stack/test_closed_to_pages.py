"""While a stack runs, no web page can use it as the developer (and no process without the key)."""

import http.client
from urllib.parse import urlsplit

import pytest

from tools.local.stack import LocalStack

PAGE = "https://evil.example"
LIST = {
    "X-Amz-Target": "DynamoDB_20120810.ListTables",
    "Content-Type": "application/x-amz-json-1.0",
}


def ask(
    url: str, method: str, path: str, headers: dict[str, str], body: str = ""
) -> tuple[int, str]:
    """Send exactly this, as `http.client` adds only what is missing of Host."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def signed(key: str) -> dict[str, str]:
    """Headers of a request that names *key*; the emulator looks at no more of a signature."""
    scope = f"{key}/20261130/us-east-1/dynamodb/aws4_request"
    proof = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00"
    return LIST | {"Authorization": proof}


def test_the_run_has_a_key_of_its_own_and_tells_nobody_else(stack: LocalStack) -> None:
    assert stack.description.access_key_id.startswith("AKIA")
    assert len(stack.description.secret_access_key) >= 40
    assert stack.options.description_file.stat().st_mode & 0o077 == 0
    status, text = ask(stack.endpoint, "POST", "/", signed(stack.description.access_key_id), "{}")
    assert (status, "TableNames" in text) == (200, True)


@pytest.mark.parametrize("key", ["test", "000000000000", "AKIAIOSFODNN7EXAMPLE", "", None])
def test_another_key_opens_nothing(stack: LocalStack, key: str | None) -> None:
    headers = LIST if key is None else signed(key)
    status, text = ask(stack.endpoint, "POST", "/", headers, "{}")
    assert status in (400, 403)
    assert "TableNames" not in text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/_ministack/reset"),
        ("POST", "/_ministack/config"),
        ("GET", "/_ministack/ses/messages"),
        ("GET", "/_ministack/ready"),
        ("POST", "/"),
        ("OPTIONS", "/"),
        ("GET", "/?Action=ListUsers&Version=2010-05-08"),
    ],
)
@pytest.mark.parametrize(
    "tells",
    [
        {"Origin": PAGE},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "evil.example:4566"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "localhost.evil.example"},
    ],
    ids=str,
)
def test_a_page_gets_nothing_from_the_emulator(
    stack: LocalStack, method: str, path: str, tells: dict[str, str]
) -> None:
    headers = signed(stack.description.access_key_id) | tells
    status, text = ask(stack.endpoint, method, path, headers)
    assert (status, text.startswith("The emulator ")) == (403, True)


def test_the_emulator_is_not_reset_without_the_key(stack: LocalStack) -> None:
    status, text = ask(stack.endpoint, "POST", "/_ministack/reset", {})
    assert (status, text.startswith("Sign with ")) == (403, True)
    assert stack.client("dynamodb").list_tables()["TableNames"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "localhost.evil.example", ""]
)
def test_the_front_door_answers_only_to_names_of_this_machine(
    stack: LocalStack, host: str
) -> None:
    for url, path in (
        (stack.base_url, "/health"),
        (
            stack.endpoint,
            f"/_aws/execute-api/{stack.description.services['gateway'].outputs['ApiId']}/health",
        ),
    ):
        status, _ = ask(url, "GET", path, {"Host": host})
        assert status == 403


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:99", "shop.localhost", "127.0.0.1", "[::1]:9"]
)
def test_by_its_own_names_it_answers(stack: LocalStack, host: str) -> None:
    assert ask(stack.base_url, "GET", "/health", {"Host": host})[0] == 200


@pytest.mark.parametrize(
    ("service", "path"),
    [
        ("gateway", "/health"),
        ("identity", "/.well-known/jwks.json"),
        ("catalog", "/api/v2/products"),
        ("orders", "/api/v1/orders"),
        ("orders", "/no/such/thing"),
    ],
)
def test_the_front_door_cannot_be_passed_by(stack: LocalStack, service: str, path: str) -> None:
    """Public routes, protected ones and what no route matches know the secret by its hash."""
    api = stack.description.services[service].outputs["ApiId"]
    for claimed in ({}, {"X-Origin-Verify": "guess"}, {"X-Viewer-Address": "198.51.100.1"}):
        status, text = ask(stack.endpoint, "GET", f"/_aws/execute-api/{api}{path}", claimed)
        assert (status, "PASSED_FRONT_DOOR_BY" in text) == (403, True)
    function = stack.function(service, "unmatched")
    known = stack.client("lambda").get_function_configuration(FunctionName=function)
    settings = known["Environment"]["Variables"]
    (secret,) = [
        each["Name"]
        for each in stack.client("secretsmanager").list_secrets()["SecretList"]
        if "OriginVerify" in each["Name"]
    ]
    value = stack.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    assert settings["ORIGIN_VERIFY_HASHES"]
    assert value not in settings.values()
    asked = ask(
        stack.endpoint, "GET", f"/_aws/execute-api/{api}{path}", {"X-Origin-Verify": value}
    )
    assert "PASSED_FRONT_DOOR_BY" not in asked[1]
