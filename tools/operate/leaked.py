"""A secret has leaked: end at once what was made with it.

`make leaked OF=signing-secret`, on the local stack that runs here, or, with ``--stack``, on AWS
with your own credentials.

The private keys are replaced by one that never was anywhere else. Then the log-in and the
authorizer are published anew with the moment of that as the oldest that a key may be: so their
next invocation runs in a new process, which has kept nothing. No request pays for it with a read.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import boto3

from tools.entry.arguments import Parser
from tools.entry.guard import ToolError, guarded
from tools.local.options import Options
from tools.local.stack import attach
from tools.operate.redelivery.invoking import LIVE, invoker
from tools.templates.service import camel

SINCE = "SIGNING_KEYS_SINCE"
"""The variable that says since when a key that is good has been published."""
_RESTARTED = ("log_in", "authorize")
"""Who keeps keys, the one that signs first: nobody is handed what is refused already."""
_LOGICAL = {
    "rotate_signing_keys": "RotateSigningKeys",
    "log_in": "LogIn",
    "authorize": "Authorize",
}

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


def restart(client: Any, function: str, variables: dict[str, str]) -> str:
    """Publish *function* as it is with *variables* besides; return why that cannot be.

    What is live stays the same code: a deployment that is under way is not finished by this.
    """
    alias = client.get_alias(FunctionName=function, Name=LIVE)
    latest = client.get_function_configuration(FunctionName=function)
    live = client.get_function_configuration(
        FunctionName=function, Qualifier=alias["FunctionVersion"]
    )
    if alias.get("RoutingConfig", {}).get("AdditionalVersionWeights") or any(
        latest.get(part) != live.get(part) for part in ("CodeSha256", "Layers")
    ):
        return f"{function} is being deployed: stop that (aws deploy stop-deployment)."
    known = latest.get("Environment", {}).get("Variables", {})
    client.update_function_configuration(
        FunctionName=function, Environment={"Variables": known | variables}
    )
    client.get_waiter("function_updated_v2").wait(FunctionName=function)
    version = client.publish_version(FunctionName=function)["Version"]
    client.get_waiter("published_version_active").wait(FunctionName=function, Qualifier=version)
    client.update_alias(FunctionName=function, Name=LIVE, FunctionVersion=version)
    return ""


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """End what was made with the secret that the arguments name."""
    parser = Parser(prog="python -m tools.operate.leaked", description=__doc__)
    parser.add_argument("secret", choices=["signing-secret"], help="what has leaked")
    parser.add_argument("--work-dir", type=Path, default=Options().work_dir, help="of the stack")
    parser.add_argument("--stack", help="identity's stack on AWS")
    asked = parser.parse_args(arguments)
    if asked.stack:
        client = boto3.client("lambda")
        since = end_all_tokens(client, _of_stack(boto3.client("cloudformation"), asked.stack))
    else:
        local = attach(Options(work_dir=asked.work_dir))
        since = end_all_tokens(
            local.client("lambda"), lambda name: local.function("identity", name)
        )
    print(f"Keys published before {since} verify nothing any more: everybody has to log in anew.")
    print("Who verifies tokens elsewhere keeps the leaked key for up to 5 minutes, or 10.")
    return 0


def _of_stack(cloudformation: Any, stack: str) -> Named:
    def named(name: str) -> str:
        found = cloudformation.describe_stack_resource(
            StackName=stack, LogicalResourceId=f"{camel(name)}Function"
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    return named


if __name__ == "__main__":
    raise SystemExit(main())
