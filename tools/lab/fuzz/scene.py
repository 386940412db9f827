"""What requests can be about: accounts, products, orders that went through, places in lists."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import boto3

from shared.platform.access.permissions import Permission
from shared.platform.dynamodb.codec import from_item
from shared.platform.dynamodb.events import envelope_of
from shared.platform.events.bus import detail_of
from tools.lab.fuzz.request import Request, event_of, with_caller
from tools.lab.fuzz.rig import AUTHORIZE, Function, Outcome, Rig
from tools.lab.fuzz.samples import Operation
from tools.lab.simulation.world.templates import deployed
from tools.lab.support.bus_events import bus_event, sqs_batch
from tools.lab.support.functions import sample_event
from tools.lab.support.http_events import json_of
from tools.operate.create_admin import create_admin

PASSWORD = "Kanarienvogel-im-Kohleschacht-7"
"""A canary: it must not turn up in any answer or any log line."""

CUSTOMER, OTHER, ADMIN = "customer", "other", "admin"
_EMAILS = {who: f"{who}@fuzz.example" for who in (CUSTOMER, OTHER, ADMIN)}
Caller = Mapping[str, Any]


@dataclass
class Scene:
    """The world at the beginning of an epoch."""

    rig: Rig
    tokens: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    """Sessions that a request may renew and end, with their first refresh tokens."""
    keys: dict[str, str] = field(default_factory=dict)
    """API keys, each with its id."""
    session_of: dict[str, str] = field(default_factory=dict)
    """Whose they are."""
    products: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    rules: dict[str, str] = field(default_factory=dict)
    flag: str = ""
    customer: str = ""
    spare: str = ""
    """An account of nobody: it may be locked out."""
    cursors: dict[str, str] = field(default_factory=dict)
    last_caller: Caller = field(default_factory=dict)
    _callers: dict[str, Caller] = field(default_factory=dict)
    _published: int = 0

    def send(self, function: str, request: Request, *, decoded: bool = False) -> Outcome:
        """Send a request to a function as API Gateway does, the authorizer first."""
        if request.token and not request.header("authorization"):
            request = request.with_header("Authorization", f"Bearer {self.tokens[request.token]}")
        event = event_of(request, route=f"{request.method} {request.path}", decoded=decoded)
        return self.rig.invoke(function, with_caller(event, self.caller(event)))

    def caller(self, event: Mapping[str, Any]) -> Caller:
        """Return the authorizer's word on a request; of the same credentials it says the same."""
        headers = event.get("headers")
        known = headers if isinstance(headers, dict) else {}
        sent = [
            known.get(each) for each in ("authorization", "x-api-key", "cookie", "x-csrf-token")
        ]
        claim = repr([*sent, event.get("cookies"), event.get("routeKey")])
        if claim not in self._callers:
            outcome = self.rig.invoke(AUTHORIZE, event)
            said = outcome.answer or {"context": {"kind": "unavailable", "raised": outcome.raised}}
            self._callers[claim] = said["context"]
        self.last_caller = self._callers[claim]
        return self.last_caller

    def known(self, operation: Operation, dice: Random, number: int) -> dict[str, Any]:
        """Return values for the names that need real ones, mostly such that a request succeeds."""
        who = dice.choice([*_EMAILS])
        logs_in = operation.function == "identity/log_in"
        named = {"name": self.flag} if "/flags/" in operation.path else {}
        if "/business-rules/" in operation.path and self.rules:
            named |= self.ruled(dice.choice([*self.rules]))
        return {
            **named,
            "product_id": dice.choice(self.products),
            "product_version": dice.choice([None, 1, 1, 2]),
            "expected_total": dice.choice([None, {"amount": 2_500, "currency": "EUR"}]),
            "payment_method": dice.choice([None, "pm_card_visa", "pm_card_visa"]),
            "customer_id": self.customer,
            "user_id": self.spare,
            "permission": dice.choice([*Permission]).value,
            "roles": dice.choice([["customer"], ["sales", "customer"], ["admin"]]),
            "order_id": dice.choice(self.orders),
            "session_id": dice.choice([*self.sessions]),
            "key_id": dice.choice([*self.keys.values()]),
            "scopes": dice.choice([[], ["order:read"]]),
            "expires_in_days": dice.choice([None, 1, 90]),
            "refresh_token": dice.choice([*self.sessions.values()]),
            "mnemonic": dice.choice([f"FUZZ_{number}", "MUG_0"]),
            "email": _EMAILS[who] if logs_in else f"new-{number}@fuzz.example",
            "password": PASSWORD,
            "current_password": PASSWORD,
            "new_password": PASSWORD,
            "cursor": self.cursors.get(operation.function, "none"),
            "Idempotency-Key": dice.choice(
                [f"a-key-of-the-fuzzer-{number}", "a-key-of-the-fuzzer"]
            ),
        }

    def ruled(self, subject: str) -> dict[str, Any]:
        """Return a rule about *subject*, and a candidate for its rules."""
        candidate: dict[str, Any] = {"product_id": self.products[0], "quantity": 1}
        if subject == "product":
            price = {"amount": 1250, "currency": "EUR"}
            candidate = {"mnemonic": "MUG", "overview": "", "price": price, "category": "kitchen"}
        rule = self.rules[subject]
        return {"subject": subject, "business_rule_id": rule, "candidate": candidate}

    def data(self, function: str, method: str, path: str, who: str, body: Any = None) -> Any:
        """Return the data of a request that has to succeed."""
        sent = None if body is None else json.dumps(body).encode()
        path, _, query = path.partition("?")
        headers = (("Content-Type", "application/json"),) if sent else ()
        request = Request(method, path, query, headers, sent, who)
        outcome = self.send(function, request)
        assert outcome.answer is not None, outcome.raised
        assert outcome.answer["statusCode"] < 300, (function, outcome.answer, outcome.log)
        return json_of(outcome.answer)["data"]

    def deliver(self) -> None:
        """Give every event to its consumers until none is left."""
        while self._published < len(self.rig.engine.changes):
            change = self.rig.engine.changes[self._published]
            self._published += 1
            if change.new is None or not change.new["SK"]["S"].startswith("EVENT#"):
                continue
            detail = detail_of(envelope_of(from_item(change.new)))
            event = bus_event(detail, source=change.table)
            for subscription in deployed().subscriptions:
                if subscription.matches(event):
                    name = subscription.consumer.replace(".", "/")
                    outcome = self.rig.consume(name, sqs_batch(event))
                    assert outcome.raised == "", (name, outcome.raised, outcome.log)


def made(rig: Rig) -> Scene:
    """Set the scene on empty tables, over the API."""
    rig.reset()
    scene = Scene(rig)
    identity: Function = rig.functions["identity/register"]
    with rig.inside(identity):
        create_admin(
            boto3.client("dynamodb"), identity.environment["TABLE_NAME"],
            email=_EMAILS[ADMIN], name="Ada Admin", password=PASSWORD,
        )  # fmt: skip
    rig.consume("identity/rotate_signing_keys", sample_event("identity", "rotate_signing_keys"))
    body: dict[str, Any]
    for who in (CUSTOMER, OTHER):
        body = {"email": _EMAILS[who], "password": PASSWORD, "name": who.title()}
        scene.data("identity/register", "POST", "/api/v1/auth/register", "", body)
    body = {"email": "spare@fuzz.example", "password": PASSWORD, "name": "Spare"}
    scene.spare = scene.data("identity/register", "POST", "/api/v1/auth/register", "", body)["id"]
    for who, email in _EMAILS.items():
        body = {"email": email, "password": PASSWORD}
        session = scene.data("identity/log_in", "POST", "/api/v1/auth/login", "", body)
        scene.tokens[who] = session["access_token"]
        spare = scene.data("identity/log_in", "POST", "/api/v1/auth/login", "", body)
        scene.sessions[spare["session_id"]] = spare["refresh_token"]
        scene.session_of[who] = spare["session_id"]
        wish = {"name": "Fuzz", "scopes": ["order:read"]}
        key = scene.data("identity/create_api_key", "POST", "/api/v1/api-keys", who, wish)
        scene.keys[key["api_key"]] = key["id"]
    for number, price in enumerate((1_250, 0, 1_250)):
        body = {
            "mnemonic": f"MUG_{number}",
            "overview": "A mug",
            "is_confidential": number == 2,
            "price": {"amount": price, "currency": "EUR"},
        }
        product = scene.data("catalog/create_product", "POST", "/api/v1/products", ADMIN, body)
        scene.products.append(product["id"])
        path = f"/api/v1/inventory/{product['id']}/adjustments"
        stock = {"quantity": 100_000, "reason": "received"}
        scene.data("inventory/adjust_stock", "POST", path, ADMIN, stock)
    for _ in range(2):
        lines = [{"product_id": scene.products[0], "quantity": 1}]
        body = {"lines": lines, "payment_method": "pm_card_visa"}
        order = scene.data("orders/place_order", "POST", "/api/v1/orders", CUSTOMER, body)
        scene.orders.append(order["id"])
    scene.deliver()
    me = scene.data("identity/get_me", "GET", "/api/v1/users/me", CUSTOMER)
    scene.customer = me["id"]
    rule = {"field": "mnemonic", "kind": "length", "parameters": {"max": 50}}
    for subject in ("product", "order_line"):
        path = f"/api/v1/business-rules/{subject}"
        made = scene.data("catalog/add_business_rule", "POST", path, ADMIN, rule)
        scene.rules[subject] = made["id"]
    flags = scene.data("operations/list_flags", "GET", "/api/v1/flags", ADMIN)
    scene.flag = flags[0]["name"]
    for endpoint in rig.endpoints:
        _note_cursor(scene, endpoint.route.function, endpoint.route.path)
    return scene


def _note_cursor(scene: Scene, function: str, path: str) -> None:
    where = path.replace("{order_id}", scene.orders[0]).replace("{product_id}", scene.products[0])
    if "{" in where:
        return
    outcome = scene.send(function, Request("GET", where, "limit=1", token=CUSTOMER))
    if outcome.answer and outcome.answer["statusCode"] == 200:
        found = json_of(outcome.answer).get("data")
        if isinstance(found, dict) and found.get("next_cursor"):
            scene.cursors[function] = found["next_cursor"]
