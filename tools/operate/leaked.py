"""A secret has leaked: end at once what was made with it.

`make leaked OF=signing-secret`, or `make leaked OF=service-secret SERVICE=orders`, on the local
stack that runs here, or, with ``--stack``, on AWS with your own credentials.

The signing secret: the private keys are replaced by one that never was anywhere else. Then the
log-in, the refresh and the authorizer are published anew with the moment of that as the oldest
that a key may be: so their next invocation runs in a new process, which has kept nothing. No
request pays for it with a read. Sessions go on: the next refresh gives a token of the new key.

A service's own secret, of which cursors, tokens of devices and fingerprints are made: two new
values take the place of the leaked one and of the one before, which was good as well. Then every
function that is told the secret is published anew.
"""

import secrets
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import boto3

from tools.entry.arguments import Parser
from tools.entry.guard import ToolError, guarded
from tools.local.options import Options
from tools.local.stack import attach
from tools.operate.redelivery.invoking import invoker
from tools.operate.restarting import restart
from tools.templates.service import camel

SINCE = "SIGNING_KEYS_SINCE"
"""The variable that says since when a key that is good has been published."""
_NAMED = "SERVICE_SECRET_ARN"
"""The variable that tells a function its service's secret."""
_AGAIN = "RESTARTED_AT"
"""A variable that nobody reads: another value makes another version."""
_RESTARTED = ("log_in", "refresh_tokens", "authorize")
"""Who keeps keys, those that sign first: nobody is handed what is refused already."""

Named = Callable[[str], str]
"""Tells what a function of identity is called where it runs."""


def end_all_tokens(client: Any, named: Named) -> str:
    """Replace the signing key; return since when keys are good. `ToolError` says what is left."""
    answer = invoker(client, named("rotate_signing_keys"))({"leaked": True})
    since: str = answer["published_at"]
    left = [why for name in _RESTARTED if (why := restart(client, named(name), {SINCE: since}))]
    if left:
        raise ToolError(
            "The key is replaced, but processes that have kept the leaked one go on with it for up"
            " to 5 minutes. Mend this and run the command again:",
            left,
        )
    return since


def replace_service_secret(
    manager: Any, client: Any, secret: str, functions: Iterable[str], *, now: str
) -> list[str]:
    """Replace both values of a service's *secret*; return the functions that were told it.

    `ToolError` says which of them could not be published anew.
    """
    for _ in range(2):
        manager.put_secret_value(SecretId=secret, SecretString=secrets.token_urlsafe(48))
    arn = manager.describe_secret(SecretId=secret)["ARN"]
    told = [name for name in functions if _told(client, name) == arn]
    left = [why for name in told if (why := restart(client, name, {_AGAIN: now}))]
    if left:
        raise ToolError(
            "The secret is replaced, but processes that have kept the leaked one go on with it for"
            " up to 5 minutes. Mend this and run the command again:",
            left,
        )
    return told


def _told(client: Any, function: str) -> str | None:
    known = client.get_function_configuration(FunctionName=function).get("Environment", {})
    found: str | None = known.get("Variables", {}).get(_NAMED)
    return found


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """End what was made with the secret that the arguments name."""
    parser = Parser(prog="python -m tools.operate.leaked", description=__doc__)
    parser.add_argument("what", choices=["signing-secret", "service-secret"], help="has leaked")
    parser.add_argument("--service", help="whose, on the local stack: orders, catalog …")
    parser.add_argument("--work-dir", type=Path, default=Options().work_dir, help="of the stack")
    parser.add_argument("--stack", help="identity's, or the service's, stack on AWS")
    asked = parser.parse_args(arguments)
    if asked.what == "service-secret" and not (asked.stack or asked.service):
        raise ToolError("Whose? make leaked OF=service-secret SERVICE=orders, or STACK=… on AWS.")
    client, resources = _place(asked)
    if asked.what == "signing-secret":
        _say_tokens(end_all_tokens(client("lambda"), _named(resources)))
        return 0
    if "ServiceSecret" not in resources:
        raise ToolError("That service has no secret of its own.")
    functions = [name for logical, name in resources.items() if logical.endswith("Function")]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = replace_service_secret(
        client("secretsmanager"), client("lambda"), resources["ServiceSecret"], functions, now=now
    )
    print(f"Replaced, and {len(told)} functions published anew: {', '.join(sorted(told))}.")
    print(
        "What it signed before is refused: cursors, tokens of devices, fingerprints of requests."
    )
    return 0


def _say_tokens(since: str) -> None:
    print(f"Keys published before {since} verify nothing any more: everybody has to log in anew.")
    print("Who verifies tokens elsewhere keeps the leaked key for up to 5 minutes, or 10.")
    print(f"Deploy with SigningKeysSince={since} from now on (once: a stack keeps a parameter).")


def _place(asked: Namespace) -> tuple[Callable[[str], Any], Mapping[str, str]]:
    """Return what makes clients, and the physical ids of a stack by their logical ids."""
    if not asked.stack:
        local = attach(Options(work_dir=asked.work_dir))
        name = "identity" if asked.what == "signing-secret" else asked.service
        services = local.description.services
        if name not in services:
            raise ToolError(f"There is no service {name}; there are: {', '.join(services)}.")
        return local.client, services[name].resources
    pages = boto3.client("cloudformation").get_paginator("list_stack_resources")
    found = {
        each["LogicalResourceId"]: each.get("PhysicalResourceId", "")
        for page in pages.paginate(StackName=asked.stack)
        for each in page["StackResourceSummaries"]
    }
    return cast("Callable[[str], Any]", boto3.client), found


def _named(resources: Mapping[str, str]) -> Named:
    return lambda name: resources[f"{camel(name)}Function"]


if __name__ == "__main__":
    raise SystemExit(main())
