"""The whole system in this process, wired as the templates say, and a scene to ask about.

What the sample events speak of exists, and belongs to `OWNER`. So every route has a request that
succeeds for whoever may send it: its sample event.
"""

import importlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from unittest.mock import patch

import boto3

from shared.identity.adapters.key_secrets import EnvironmentKeys
from shared.identity.domain.access import Continuation
from shared.identity.domain.key_text import key_id
from shared.identity.domain.password import Password
from shared.kernel.email import Email
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.platform.access.denials import Published
from shared.platform.runtime.context import request_context
from shared.platform.runtime.services import get_service
from shared.platform.runtime.settings import Environment
from tools.lab.privileges.symbols import System
from tools.lab.simulation.engine.binaries import as_read
from tools.lab.support import environment, memory_dynamodb
from tools.lab.support.functions import sample_event
from tools.lab.support.lambda_context import LambdaContext
from tools.lab.support.tables import Table, create_table

OWNER = "0190a000-0000-7000-8000-000000000001"
OTHER = "0190a000-0000-7000-8000-0000000000ff"
SESSION = "0190a000-0000-7000-8000-000000000002"
"""The owner's session."""
THEIRS = "session-1"
"""… and that of the other, in which callers are."""
KEY, THEIR_KEY = key_id(OWNER, 1), key_id(OTHER, 1)
"""The owner's API key, and that of the other."""
SECRET = "0190a000-0000-7000-8000-0000000000cc"
"""A product that is confidential; there is stock of it."""
_PRODUCTS = {
    "0190a000-0000-7000-8000-0000000000a1": False,
    "0190a000-0000-7000-8000-0000000000b1": False,
    SECRET: True,
}
"""Products, and whether they are confidential."""
_RULE = "0190a000-0000-7000-8000-0000000000e1"
_ORDERS = tuple(f"0190a000-0000-7000-8000-0000000000{last}" for last in ("d1", "d2"))
PLAYED = (
    "inventory/adjust_stock",
    "payments/process_payment",
    "notifications/notify_on_event",
    "customers/project_customer_summary",
)
"""The functions whose samples are part of the scene, in this order."""
KEYS = "identity/rotate_signing_keys"
"""Publishes the first key, as a deployment has it do."""
SIGNING_SECRET = "s" * 64
_NOT_ANSWERS = ("Denial#", "RATE#")
"""What a refusal may leave behind: the event that tells of it, and the limiter's count."""

Items = dict[tuple[str, str], Any]


@dataclass
class World:
    """Tables, secrets and functions; `enter` before calling a function."""

    system: System
    tables: dict[str, Table] = field(default_factory=dict)
    _secrets: dict[str, str] = field(default_factory=dict)
    _saved: dict[str, Items] = field(default_factory=dict)
    _entered: str = ""
    _added: set[str] = field(default_factory=set)

    def enter(self, function: str) -> None:
        """Give the process the environment of *function* (``service/use_case``)."""
        if function == self._entered:
            return
        known = self.variables(function)
        for name in self._added:
            os.environ.pop(name, None)
        self._added = set(known) - set(environment.FIXED)
        os.environ.update(environment.FIXED | known | {"ENVIRONMENT": "test"})
        os.environ["RATE_LIMIT_FACTOR"] = "1000"
        os.environ["ORIGIN_VERIFY_HASHES"] = ""  # nobody stands between here
        self._added |= {"RATE_LIMIT_FACTOR", "ORIGIN_VERIFY_HASHES"}
        environment.forget_cached()
        self._entered = function

    def variables(self, function: str) -> dict[str, str]:
        """Return what the template of *function* puts into its environment."""
        variables = self.system.environment(*self.system.functions()[function])
        return {name: self._secrets.get(value, value) for name, value in variables.items()}

    def build(self) -> None:
        """Create what the templates declare, and play the scene."""
        self.declare()
        play(self)
        for function in (KEYS, *PLAYED):
            invoke(self, function, sample_event(*function.split("/")))
        delivery = about(sample_event("inventory", "adjust_stock"), SECRET)
        del delivery["headers"]["idempotency-key"]
        invoke(self, "inventory/adjust_stock", delivery)
        self.save()

    def save(self) -> None:
        """Take what is there now for the scene."""
        self._saved = {name: _items(table) for name, table in self.tables.items()}

    def declare(self) -> None:
        """Create what the templates declare."""
        dynamodb, secrets = boto3.client("dynamodb"), boto3.client("secretsmanager")
        for service, template in self.system.templates.items():
            for logical_id, resource in template["Resources"].items():
                name = f"{service}-{logical_id}"
                if resource["Type"] == "AWS::DynamoDB::Table":
                    self.tables[name] = create_table(dynamodb, name)
                if resource["Type"] == "AWS::SecretsManager::Secret":
                    made = secrets.create_secret(Name=name, SecretString=SIGNING_SECRET)
                    symbolic = self.system.value(service, {"Fn::GetAtt": [logical_id, "Id"]})
                    self._secrets[symbolic] = made["ARN"]
                if resource["Type"] == "AWS::SQS::Queue":
                    boto3.client("sqs").create_queue(QueueName=name)
                if resource["Type"] == "AWS::Events::EventBus":
                    boto3.client("events").create_event_bus(Name=name)
        boto3.client("ses").verify_email_identity(EmailAddress="no-reply@tradewind.example")

    def undo(self) -> tuple[list[str], bool]:
        """Make everything as it was in the scene.

        Return the types of the denial events that there were since, and whether anything was
        written besides the traces of refusals.
        """
        denials: list[str] = []
        wrote = False
        get_service(Published).clear()  # a caller's next denial is another story's first
        for name, table in self._own():
            saved, present = self._saved[name], _items(table)
            for key in present.keys() | saved.keys():
                before, now = saved.get(key), present.get(key)
                if before == now:
                    continue
                if key[0].startswith("Denial#") and now is not None:
                    denials.append(now["type"]["S"])
                wrote |= not key[0].startswith(_NOT_ANSWERS)
                if before is None:
                    table.client.delete_item(TableName=name, Key=_key(key))
                else:
                    table.client.put_item(TableName=name, Item=before)
        return denials, wrote

    def _own(self) -> list[tuple[str, Table]]:
        """The tables of the service that was called last; its role lets it write to no other."""
        service = self._entered.partition("/")[0]
        return [each for each in self.tables.items() if each[0].startswith(f"{service}-")]


@contextmanager
def built(system: System) -> Iterator[World]:
    """Open a world; the process's environment comes back as it was."""
    with patch.dict(os.environ), memory_dynamodb.aws():
        environment.forget_cached()
        world = World(system)
        world.build()
        try:
            yield world
        finally:
            environment.forget_cached()


def play(world: World) -> None:
    """Put everything there that the samples speak of, short of what `PLAYED` adds.

    Each context is imported in the environment of its function, which `enter` sets.
    """
    world.enter("catalog/create_product")
    from shared.catalog import wiring as _catalog  # noqa: F401, PLC0415  # see above
    from shared.catalog.use_cases import create_product as catalog  # noqa: PLC0415  # see above

    for number, (product, hidden) in enumerate(_PRODUCTS.items()):
        create = replace(get_service(catalog.CreateProductHandler), new_id=partial(str, product))
        product_command = catalog.CreateProduct(
            mnemonic=f"P{number}",
            overview="A product.",
            is_confidential=hidden,
            price=Money(1_295, "GBP"),
        )
        with request_context():
            create(product_command)

    from shared.catalog.domain.rule import Subject  # noqa: PLC0415  # see above
    from shared.catalog.use_cases import add_business_rule as rules  # noqa: PLC0415  # see above

    add = replace(get_service(rules.AddBusinessRuleHandler), new_id=lambda: _RULE)
    with request_context():
        add(
            rules.AddBusinessRule(
                subject=Subject.ORDER_LINE,
                field="quantity",
                kind="range",
                parameters={"max": 600},
            )
        )

    world.enter("identity/register")
    from shared.identity import wiring as _identity  # noqa: F401, PLC0415  # see above
    from shared.identity.use_cases import register_user as identity  # noqa: PLC0415  # see above

    for user, name in ((OWNER, "ada"), (OTHER, "bob")):
        register = replace(get_service(identity.RegisterUserHandler), ids=partial(str, user))
        account = identity.RegisterUser(
            email=Email(f"{name}@example.com"),
            name=name.title(),
            password=Password("seven quiet otters at dusk"),
        )
        with request_context():
            register(account)

    world.enter("identity/log_in")
    from shared.identity.use_cases import log_in as sessions  # noqa: PLC0415  # see above

    password = Password("seven quiet otters at dusk")
    for session, name in ((SESSION, "ada"), (THEIRS, "bob")):
        ids = iter((session, new_id(), new_id()))  # its own, the token's and the device's
        log_in = replace(get_service(sessions.LogInHandler), ids=partial(next, ids))
        with request_context():
            log_in(sessions.LogIn(email=Email(f"{name}@example.com"), password=password))

    world.enter("identity/create_api_key")
    from shared.identity.use_cases import create_api_key as keys  # noqa: PLC0415  # see above

    secret = EnvironmentKeys(Environment.TEST, randomness=bytes).draw()
    for user in (OWNER, OTHER):
        make = get_service(keys.CreateApiKeyHandler)
        nothing = frozenset[str]()
        wish = keys.CreateApiKey(
            user_id=user, held=nothing, name="Import", scopes=nothing, lasts=None, secret=secret
        )
        with request_context():
            make(wish)

    world.enter("orders/place_order")
    from shared.orders import wiring as _orders  # noqa: F401, PLC0415  # see above
    from shared.orders.use_cases import place_order as orders  # noqa: PLC0415  # see above

    for order in _ORDERS:
        place = replace(get_service(orders.PlaceOrderHandler), new_id=partial(str, order))
        wanted = [orders.WantedProduct(product_id=next(iter(_PRODUCTS)), quantity=2)]
        basket = orders.PlaceOrder(customer_id=OWNER, wanted=wanted, payment_method="pm_card_visa")
        with request_context():
            place(basket)


def refresh_token() -> str:
    """Return the owner's, as their log-in has given it."""
    from shared.identity.adapters.refresh_tokens import RefreshTokens  # noqa: PLC0415  # see above

    known = Continuation(user_id=OWNER, session_id=SESSION, generation=1)
    return RefreshTokens(lambda: [SIGNING_SECRET]).sign(known)


def invoke(world: World, function: str, event: Mapping[str, Any], handler: Any = None) -> Any:
    """Return what *function* makes of *event*; *handler* stands in for its own."""
    world.enter(function)
    if handler is None:
        dotted = function.replace("/", ".")
        handler = importlib.import_module(f"functions.{dotted}.handler").handler
    return handler(dict(event), LambdaContext())


def about(event: Mapping[str, Any], product: str) -> dict[str, Any]:
    """Return *event* with another product in the place of the samples'."""
    text = json.dumps(event)
    for named in _PRODUCTS:
        text = text.replace(named, product)
    changed: dict[str, Any] = json.loads(text)
    return changed


def _items(table: Table) -> Items:
    """Return what is in *table*, from its engine if it can be: a matrix looks often."""
    engines = memory_dynamodb.engines()
    found: list[Any]
    if engines:
        found = [as_read(item) for item in engines[-1].items(table.name)]
    else:
        pages = table.client.get_paginator("scan").paginate(
            TableName=table.name, ConsistentRead=True
        )
        found = [item for page in pages for item in page["Items"]]
    return {(item["PK"]["S"], item["SK"]["S"]): item for item in found}


def _key(key: tuple[str, str]) -> Any:
    return {"PK": {"S": key[0]}, "SK": {"S": key[1]}}
