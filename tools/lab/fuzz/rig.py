"""Every endpoint function in this process, each in its own environment, over one database engine.

The handlers are the deployed ones; AWS is the simulator's engine, which lists every change. So a
request costs a fraction of a millisecond, and a write that a refusal left behind cannot hide.
"""

import importlib
import io
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from shared.platform.aws.secrets import service_secret
from shared.platform.runtime.services import services
from shared.platform.runtime.settings import settings
from tools.check.environment import environment_of
from tools.check.project import ROOT, stacks, template_of
from tools.docs.openapi.functions import Endpoint, load
from tools.lab.simulation.engine.binaries import as_read, as_sent
from tools.lab.simulation.engine.engine import Engine
from tools.lab.simulation.engine.errors import Refused
from tools.lab.simulation.engine.spec import TableSpec
from tools.lab.simulation.world.templates import deployed
from tools.lab.support.lambda_context import LambdaContext
from tools.local.templates import load_template

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

AUTHORIZE = "identity/authorize"
_KEPT_BY_LAMBDA = ("AWS_LAMBDA_FUNCTION_NAME", "AWS_ENDPOINT_URL")


@dataclass
class Function:
    """A function: its handler, its environment, and the services it has built."""

    handler: Handler
    environment: Mapping[str, str]
    built: dict[str, Any] = field(default_factory=dict)


@dataclass
class Outcome:
    """What one invocation did: its answer, what it wrote, and what it logged.

    ``writes`` are table and partition key of what was written, the same as before or not; *method*
    is the request's, where it was one.
    """

    answer: Any
    writes: list[tuple[str, str]]
    log: str
    raised: str = ""
    method: str = ""


class Rig:
    """The functions and what they stand on; use `running` to make one."""

    def __init__(self) -> None:
        self.endpoints: list[Endpoint] = load()
        self.functions: dict[str, Function] = {
            endpoint.route.function: Function(
                _handler(endpoint.route.function), _environment(endpoint.route.function)
            )
            for endpoint in self.endpoints
        }
        self.functions[AUTHORIZE] = Function(_handler(AUTHORIZE), _environment(AUTHORIZE))
        self.engine = Engine(now=time.time)
        self._writes: list[tuple[str, str]] = []
        self._log = io.BytesIO()
        # As Lambda's own: what cannot be encoded fails where it is written.
        self._output = io.TextIOWrapper(self._log, "utf-8", errors="strict", write_through=True)
        self.reset()

    def reset(self) -> None:
        """Start again with empty tables and cold services."""
        self.engine = Engine(now=time.time)
        for spec in _tables():
            self.engine.create_table(spec)
        for name, function in self.functions.items():
            function.built.clear()
            if name.startswith("identity/"):
                function.built["password_hasher"] = _quick_hasher()

    def invoke(self, name: str, event: Mapping[str, Any]) -> Outcome:
        """Have the function of that name handle *event*; an exception is part of the outcome."""
        function = self.functions[name]
        self._log.seek(0)
        self._log.truncate()
        self._writes, answer, raised = [], None, ""
        with self.inside(function), redirect_stdout(self._output):
            try:
                answer = function.handler(dict(event), LambdaContext())
            except Exception as error:  # noqa: BLE001  # a handler must not let anything out
                raised = f"{type(error).__name__}: {error}"
        log = self._log.getvalue().decode("utf-8", "backslashreplace")
        method = event.get("requestContext", {}).get("http", {}).get("method", "")
        return Outcome(answer, self._writes, log, raised, method)

    def consume(self, name: str, event: Mapping[str, Any]) -> Outcome:
        """Have the function behind a queue, such as ``payments/process_payment``, handle a batch.

        It is loaded when it is first needed, in its own environment.
        """
        if name not in self.functions:
            function = Function(_not_loaded, _environment(name))
            with self.inside(function):
                function.handler = _handler(name)
            self.functions[name] = function
        return self.invoke(name, event)

    @contextmanager
    def inside(self, function: Function) -> Iterator[None]:
        """Be in the container of *function*: its environment, settings and services."""
        os.environ.update(function.environment)
        settings.cache_clear()
        service_secret.cache_clear()
        services._built = function.built
        yield

    def call(self, client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        """Answer a call to AWS."""
        service = client.meta.service_model.service_name
        if service == "dynamodb":
            try:
                found = as_read(self.engine.call(operation, as_sent(params)))
            except Refused as refusal:
                response: Any = {"Error": {"Code": refusal.code, "Message": refusal.message}}
                if refusal.reasons is not None:
                    response["CancellationReasons"] = refusal.reasons
                kind: Any = client.exceptions.from_code(refusal.code)
                raise kind(response, operation) from None
            self._writes += _written(operation, params)
            return found
        if (service, operation) == ("secretsmanager", "GetSecretValue"):
            if params["VersionStage"] == "AWSCURRENT":
                said = f"the secret of {params['SecretId']}, long enough to sign"
                return {"SecretString": said, "VersionId": "the-first-version-of-this-secret"}
            error: Any = {"Error": {"Code": "ResourceNotFoundException", "Message": ""}}
            raise ClientError(error, operation)
        if (service, operation) == ("events", "DescribeEventBus"):
            return {"Name": params["Name"]}
        if (service, operation) == ("ses", "SendEmail"):
            return {"MessageId": "mail"}
        raise NotImplementedError(f"{service}:{operation}")


@contextmanager
def running() -> Iterator[Rig]:
    """Give a rig; environment and registry are put back afterwards."""
    environment, built = dict(os.environ), services._built
    rig: Rig | None = None

    def call(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        assert rig is not None
        return rig.call(client, operation, params)

    with patch.object(BaseClient, "_make_api_call", call):
        try:
            services._built = {}
            rig = Rig()
            yield rig
        finally:
            services._built = built
            os.environ.clear()
            os.environ.update(environment)
            settings.cache_clear()
            service_secret.cache_clear()


def _written(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    actions = [params] if operation in ("PutItem", "UpdateItem", "DeleteItem") else []
    for action in params.get("TransactItems", ()):
        actions += [
            request for kind, request in action.items() if kind in ("Put", "Update", "Delete")
        ]
    for action in actions:
        yield action["TableName"], action.get("Item", action.get("Key"))["PK"]["S"]


def _not_loaded(_: dict[str, Any], __: Any) -> dict[str, Any]:
    raise NotImplementedError


def _handler(function: str) -> Handler:
    name = f"functions.{function.replace('/', '.')}.handler"
    handler: Handler = importlib.import_module(name).handler
    return handler


def _environment(function: str) -> dict[str, str]:
    spec = deployed().functions.get(function.replace("/", "."))
    if spec is not None:
        return {**spec.environment, "RATE_LIMIT_FACTOR": "1000000"}
    context = function.partition("/")[0]
    found = environment_of(ROOT / "functions" / function / "handler.py")
    tables = _own_tables(template_of(context))
    # A context's second stack has the name of the table as a parameter.
    own = {f"a-{name}{end}": f"{context}.{name}" for name in tables for end in ("", "Name")}
    others = {f"a-{each.title()}TableName": each for each in deployed().tables}
    own |= others
    known = {n: own.get(text, text) for n, text in found.items() if n not in _KEPT_BY_LAMBDA}
    # A parameter may default to no table at all; the root stack names them all.
    named = {f"{table.upper()}_TABLE_NAME": table for table in deployed().tables}
    known |= {name: table for name, table in named.items() if known.get(name) == ""}
    return {"TABLE_NAME": "", **known}


@cache
def _tables() -> tuple[TableSpec, ...]:
    """Return the tables of the simulator's contexts, and of those that it leaves out."""
    found = {name: {"Properties": each} for name, each in deployed().tables.items()}
    simulated = {spec.context for spec in deployed().functions.values()}
    for path in stacks().values():
        context = path.parent.name
        if context not in simulated:
            found |= {f"{context}.{name}": each for name, each in _own_tables(path).items()}
    return tuple(TableSpec.from_template(each, name=name) for name, each in found.items())


def _own_tables(template: Path) -> dict[str, Any]:
    resources = load_template(template)["Resources"]
    return {
        name: each for name, each in resources.items() if each["Type"] == "AWS::DynamoDB::Table"
    }


def _quick_hasher() -> Any:
    from shared.identity.adapters.argon2_hasher import Argon2Hasher  # noqa: PLC0415  # heavy

    return Argon2Hasher(memory_kib=8, time_cost=1)
