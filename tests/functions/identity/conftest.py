"""The identity functions in this process."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
import pytest

from shared.kernel.clock import from_iso, to_iso
from tools.lab.support import environment
from tools.lab.support.functions import Answer, sample_event
from tools.lab.support.http_events import http_event
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table

PASSWORD = "seven quiet otters at dusk"
EMAIL = "ada@example.com"
KEY = "a-key-of-nobody-else"
ISSUER, AUDIENCE = "urn:tradewind:identity:test", "urn:tradewind:api:test"


def sample(use_case: str) -> dict[str, Any]:
    """Return the sample event of a function."""
    return sample_event("identity", use_case)


@dataclass
class Service:
    """The identity service: its functions, its table and its secrets."""

    table: Table
    secrets: Any
    signing_secret: str

    def invoke(self, use_case: str, event: Mapping[str, Any]) -> Any:
        """Return what the function makes of *event*."""
        module = importlib.import_module(f"functions.identity.{use_case}.handler")
        return module.handler(event, LambdaContext())

    def send(self, use_case: str, event: Mapping[str, Any]) -> Answer:
        """Send an API Gateway event to a function behind HTTP."""
        response = self.invoke(use_case, event)
        return Answer.of(response)

    def register(
        self, *, key: str | None = None, address: str | None = None, **changed: Any
    ) -> Answer:
        """Register Ada, or somebody else."""
        body = {"email": EMAIL, "password": PASSWORD, "name": "Ada"} | changed
        headers = {"idempotency-key": key} if key else {}
        event = http_event("POST", "/api/v1/auth/register", body=body, headers=headers)
        if address is not None:
            event["requestContext"]["http"]["sourceIp"] = address
        return self.send("register", event)

    def log_in(
        self,
        password: Any = PASSWORD,
        *,
        email: Any = EMAIL,
        key: str | None = None,
        **more: Any,
    ) -> Answer:
        """Log Ada in, or somebody else."""
        body = {"email": email, "password": password} | more
        headers = {"idempotency-key": key} if key else {}
        return self.send(
            "log_in", http_event("POST", "/api/v1/auth/login", body=body, headers=headers)
        )

    def refresh(self, token: Any, *, key: str | None = None) -> Answer:
        """Go on with a session."""
        headers = {"idempotency-key": key} if key else {}
        body = {"refresh_token": token}
        return self.send(
            "refresh_tokens",
            http_event("POST", "/api/v1/auth/refresh", body=body, headers=headers),
        )

    def identified(self, access_token: str) -> dict[str, Any]:
        """Return what the gateway puts into the events of who carries *access_token*."""
        return {"lambda": self.authorize(f"Bearer {access_token}")}

    def token(self) -> str:
        """Register and log in Ada; return her access token."""
        self.register()
        token: str = self.log_in().data["access_token"]
        return token

    def authorize(self, authorization: str | None) -> dict[str, str]:
        """Return the authorizer's context for a request with this header."""
        return self.authorize_with({"authorization": authorization} if authorization else {})

    def authorize_with(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the authorizer's context for a request with these headers."""
        event = sample("authorize")
        del event["headers"]["authorization"]
        event["headers"] |= headers
        answer = self.invoke("authorize", event)
        assert answer["isAuthorized"] is True
        context: dict[str, str] = answer["context"]
        return context

    def written(self) -> list[Any]:
        """Return every item but the published keys, which are there from the first on."""
        return [each for each in self.table.items() if not each["PK"].startswith("KeyRing#")]

    def rotate(self, **asked: bool) -> Any:
        """Take the signing keys one step on."""
        return self.invoke("rotate_signing_keys", asked)

    def published(self) -> list[dict[str, str]]:
        """Return the keys that anybody may read."""
        keys: list[dict[str, str]] = self.send("get_jwks", sample("get_jwks")).json["keys"]
        return keys

    def unpublish(self) -> None:
        """Take all published keys away, as if no release had ever published one."""
        key = {"PK": {"S": "KeyRing#access-tokens"}, "SK": {"S": "STATE"}}
        self.table.client.delete_item(TableName=self.table.name, Key=key)

    def later(self, hours: float) -> None:
        """Have all that is known of the keys been written *hours* ago, and start cold."""
        ring = self.table.get("KeyRing#access-tokens", "STATE")
        assert ring is not None
        earlier = timedelta(hours=hours)
        for key in ring["keys"]:
            for name in ("published_at", "signs_since", "retired_at"):
                key[name] = key[name] and to_iso(from_iso(key[name]) - earlier)
        self.table.put(ring)
        environment.forget_cached()


@pytest.fixture
def service(table: Table, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service with an empty table and fresh secrets."""
    secrets = boto3.client("secretsmanager")
    signing = secrets.create_secret(Name="signing", SecretString="s" * 64)["ARN"]
    own = secrets.create_secret(Name="service", SecretString="k" * 64)["ARN"]
    monkeypatch.setenv("SERVICE", "identity")
    monkeypatch.setenv("SIGNING_SECRET_ARN", signing)
    monkeypatch.setenv("SERVICE_SECRET_ARN", own)
    monkeypatch.setenv("TOKEN_ISSUER", ISSUER)
    monkeypatch.setenv("TOKEN_AUDIENCE", AUDIENCE)
    environment.forget_cached()
    made = Service(table, secrets, signing)
    made.rotate()  # as the deployment does
    environment.forget_cached()
    return made
