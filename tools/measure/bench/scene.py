"""The world in which each function's sample event succeeds, on moto.

It is the scene of the authorization matrix (`tools.lab.authorization.world`) with what consumers
and tasks need besides. A new function needs nothing here if its sample speaks of that scene; the
benchmark says so when it does.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import boto3

from shared.identity.adapters.signing_keys import SigningKeys
from shared.identity.adapters.token_signer import AccessTokenSigner
from shared.identity.domain.access import ACCESS_SECONDS, Access
from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from shared.platform.aws.secrets import Secret
from tools.lab.authorization.world import OWNER, SESSION, SIGNING_SECRET, World, refresh_token

Event = dict[str, Any]
Variables = Mapping[str, str]

EARLIER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "identity/authorize": ("identity/rotate_signing_keys",),
        "identity/get_jwks": ("identity/rotate_signing_keys",),
        "inventory/commit_stock": ("inventory/reserve_stock",),
        "inventory/release_stock": ("inventory/reserve_stock",),
        "operations/replay_events": ("orders/cancel_order",),
    }
)
"""The functions whose samples come before a function's own."""


def derived(function: str, sample: Event, variables: Variables) -> Event:
    """The event that *function* is sent: its sample, or what succeeds where that cannot."""
    derive = _DERIVED.get(function)
    return derive(sample, variables) if derive else sample


def _with_a_token(sample: Event, variables: Variables) -> Event:
    """Tokens are short-lived, so the sample has none."""
    return sample | {
        "headers": sample["headers"] | {"authorization": f"Bearer {token(variables)}"}
    }


def _somebody_new(sample: Event, _: Variables) -> Event:
    """The sample's address is the owner's, who is there already."""
    return sample | {"body": sample["body"].replace("ada@", "eve@")}


def _with_a_refresh_token(sample: Event, _: Variables) -> Event:
    """The owner's: the sample's was signed by nobody."""
    return sample | {"body": json.dumps({"refresh_token": refresh_token()})}


def _of_an_order(sample: Event, _: Variables) -> Event:
    """The sample's order is an example; this one has been cancelled."""
    return sample | {"aggregate": "Order#0190a000-0000-7000-8000-0000000000d1"}


_DERIVED: Mapping[str, Callable[[Event, Variables], Event]] = MappingProxyType(
    {
        "identity/authorize": _with_a_token,
        "identity/log_out": _with_a_refresh_token,
        "identity/refresh_tokens": _with_a_refresh_token,
        "identity/register": _somebody_new,
        "operations/replay_events": _of_an_order,
    }
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The secret of the scene, as `SecretReader` gives it."""

    def get(self, *, fresh: bool = False) -> Secret:
        del fresh
        return Secret([SIGNING_SECRET])


def token(variables: Variables) -> str:
    """An access token of the owner, good from now on for as long as any."""
    now = int(SystemClock().now().timestamp())
    access = Access(
        user_id=OWNER,
        session_id=SESSION,
        token_id=new_id(),
        issued_at=now,
        expires_at=now + ACCESS_SECONDS,
    )
    tokens = AccessTokenSigner(
        SigningKeys(_Kept()),  # type: ignore[arg-type]  # all that is used of a reader
        issuer=variables["TOKEN_ISSUER"],
        audience=variables["TOKEN_AUDIENCE"],
    )
    return tokens.sign(access)


def subscribe(world: World) -> None:
    """Create the consumers' rules, which tasks read, and a dead letter of each consumer.

    Not before everything else is recorded: moto would deliver what relays publish.
    """
    for service, template in world.system.translated.items():
        for name, resource in template["Resources"].items():
            if resource["Type"] == "AWS::Events::Rule":
                _subscribe(world, service, name, resource["Properties"])
    sqs = boto3.client("sqs")
    for url in sqs.list_queues()["QueueUrls"]:
        if "DeadLetter" in url:
            sqs.send_message(QueueUrl=url, MessageBody="{}")


def _subscribe(world: World, service: str, name: str, rule: Mapping[str, Any]) -> None:
    if "EventPattern" not in rule:  # a schedule
        return
    events, bus = boto3.client("events"), world.system.value(service, rule["EventBusName"])
    pattern = json.dumps(rule["EventPattern"])
    events.put_rule(Name=f"{service}-{name}", EventBusName=bus, EventPattern=pattern)
    targets: Any = [
        {
            "Id": target["Id"],
            "Arn": world.system.value(service, target["Arn"]),
            "DeadLetterConfig": {
                "Arn": world.system.value(service, target["DeadLetterConfig"]["Arn"])
            },
        }
        for target in rule["Targets"]
    ]
    events.put_targets(Rule=f"{service}-{name}", EventBusName=bus, Targets=targets)
