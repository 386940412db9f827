"""What a cold start of each function loads: the authorizer's is waited for by every request."""

import json
import os
import subprocess
import sys

import pytest

PRIVATE = {"shared.identity.adapters.signing_keys"}
"""What makes private keys of the secret."""
HEAVY = frozenset(
    {
        "argon2",
        "boto3",
        "cryptography",
        "cryptography.x509",
        "fastapi",
        "jwt",
        "pydantic",
        "shared.identity.adapters.common_words",
        *PRIVATE,
        "starlette",
    }
)
WEB = {"fastapi", "pydantic", "starlette"}
ALLOWED = {
    "authorize": {"cryptography"},
    "relay_events": set(),
    "get_me": WEB,
    "get_jwks": WEB,
    "log_in": WEB | {"cryptography", "argon2"} | PRIVATE,
    "rotate_signing_keys": {"cryptography"} | PRIVATE,
    "register": WEB | {"argon2", "shared.identity.adapters.common_words"},
}
ENVIRONMENT = {
    "SERVICE": "identity",
    "TABLE_NAME": "identity",
    "EVENT_BUS_NAME": "bus",
    "SIGNING_SECRET_ARN": "arn",
    "SERVICE_SECRET_ARN": "arn",
    "TOKEN_ISSUER": "issuer",
    "TOKEN_AUDIENCE": "audience",
}
PROGRAM = """
import importlib, json, sys
importlib.import_module(f"functions.identity.{sys.argv[1]}.handler")
print(json.dumps([*sys.modules]))
"""


@pytest.mark.parametrize("use_case", [*ALLOWED])
def test_a_function_loads_what_its_endpoint_needs(use_case: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, use_case],
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert loaded & HEAVY == ALLOWED[use_case]
