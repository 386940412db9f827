"""Which deployed functions take no part in a run, each with its reason."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tools.check.project import stacks
from tools.local.templates import load_template

_UNMATCHED = "answers 404 to what has no route, and touches nothing"
_OPERATORS = "a tool of operators; its own tests run it against a table and a queue"
_FLAGS = "flags stay at their defaults here, AppConfig is not in the world"
_ADMINS = "its own tests race it: here no account but those of customers has sessions"

ABSENT: Mapping[str, str] = {
    **{
        f"{context}.unmatched": _UNMATCHED
        for context in (
            "catalog",
            "customers",
            "gateway",
            "identity",
            "inventory",
            "notifications",
            "operations",
            "orders",
            "payments",
        )
    },
    "gateway.get_product_details": "reads what the catalog and inventory show, and keeps a cache",
    "gateway.health": "says that it is there",
    "gateway.ready": "asks AWS about everything, and changes nothing",
    "identity.authorize": "API Gateway asks it; here requests come with its answer",
    "identity.get_jwks": "shows the public half of keys that no run has: KMS is not in the world",
    "identity.list_sessions": "shows sessions, of which `sessions` sees the rights themselves",
    "identity.change_password": "races in its own tests: a run's accounts have one actor each",
    "identity.deactivate_user": _ADMINS,
    "identity.reactivate_user": _ADMINS,
    "identity.end_session": "does what a log-out does, with a caller that the authorizer names",
    "identity.rotate_signing_keys": "runs by a schedule, on a key ring that no order depends on",
    "operations.list_flags": _FLAGS,
    "operations.publish_flags": _FLAGS,
    "operations.set_flag": _FLAGS,
    "operations.relay_events": "publishes flags alone",
    "operations.redrive_dead_letters": "the world redrives as the runbook says",
    "operations.replay_events": _OPERATORS,
    "operations.run_migrations": _OPERATORS,
    "orders.watch_open_orders": "runs by a schedule, measures, and changes nothing",
}


def functions_of(root: Path) -> Iterator[str]:
    """Yield the name of every function that a template deploys."""
    for path in stacks(root).values():
        for resource in load_template(path)["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                yield f"{path.parent.name}.{resource['Properties']['CodeUri'].strip('/')}"


def unaccounted(functions: Iterable[str], ran: Iterable[str]) -> set[str]:
    """Return which of *functions* neither *ran* nor have a reason, and reasons without a cause."""
    there, seen = {*functions}, {*ran}
    return (there - seen - ABSENT.keys()) | (ABSENT.keys() & seen) | (ABSENT.keys() - there)
