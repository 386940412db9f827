"""Every link of the document leads somewhere: followed once, with the values it promises."""

import json
from random import Random
from typing import Any
from urllib.parse import quote

import pytest

from tools.lab.fuzz.cases import Cases
from tools.lab.fuzz.request import Request
from tools.lab.fuzz.rig import Rig
from tools.lab.fuzz.runner import Runner
from tools.lab.fuzz.samples import Operation, Sampler
from tools.lab.fuzz.scene import ADMIN, CUSTOMER, Scene
from tools.lab.support.http_events import json_of

pytestmark = pytest.mark.row("API-05")

MAY_LEAD_NOWHERE = {"end_session", "get_payment", "get_product_details", "get_stock"}
"""A new order has no payment yet, a new product no stock, and a confidential one no details.

A session is of who has logged in, and the link is followed by somebody else.
"""

MAY_BE_EMPTY = {"/api/v1/orders/stuck"}
"""In this shop everything goes through at once."""

NOWHERE = 0
"""In place of a status: the link is to a next page or a first item, and there is none."""


def links(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, path and link of everything that links."""
    return [
        (method, path, link)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    ]


def value(expression: str, body: Any, path_values: dict[str, str]) -> str:
    """Evaluate a run-time expression of the few forms that we write."""
    kind, _, pointer = expression.partition("#/")
    if kind != "$response.body":
        return path_values[expression.rpartition(".")[2]]
    for part in pointer.split("/"):
        body = body[int(part) if isinstance(body, list) else part]
    return str(body)


def _caller_of(path: str) -> str:
    """Return whose the things at *path* are."""
    theirs = ("/orders", "/payments", "/notifications")
    own = any(part in path for part in theirs) and not path.endswith("/stuck")
    return CUSTOMER if own else ADMIN


class Walker:
    """Follows links, as somebody who may do everything that they are about."""

    def __init__(self, rig: Rig) -> None:
        self.runner = Runner(rig)
        self.cases: Cases = self.runner._cases()
        found = self.runner.document["paths"]
        self.ids = {o["operationId"]: (m, p) for p, i in found.items() for m, o in i.items()}
        self.operations = {(o.method.lower(), o.path): o for o in self.runner.operations}

    @property
    def scene(self) -> Scene:
        assert self.runner._scene is not None
        return self.runner._scene

    def follow(self, number: int, method: str, path: str, link: dict[str, Any]) -> int:
        """Return the status at the far end of a link; its near end has to succeed."""
        source = self.operations[method, path]
        who = _caller_of(path)
        shown = {"product_id": self._shown(number)} if source.path.endswith("/details") else {}
        status, body, given = self.send(source, number, who, shown)
        assert status < 300, (source.name, body)
        if path in MAY_BE_EMPTY and not body["data"]["items"]:
            return NOWHERE
        wanted = {name: value(text, body, given) for name, text in link["parameters"].items()}
        if wanted.get("cursor") == "None":
            return NOWHERE
        target = self.operations[self.ids[link["operationId"]]]
        return self.send(target, number + 500, _caller_of(target.path), wanted)[0]

    def _shown(self, number: int) -> str:
        """Return a product that no link has made confidential."""
        price = {"amount": 1250, "currency": "EUR"}
        body = {"mnemonic": f"SHOWN_{number}", "overview": "A mug", "price": price}
        made = self.scene.data("catalog/create_product", "POST", "/api/v1/products", ADMIN, body)
        product_id: str = made["id"]
        return product_id

    def send(
        self, operation: Operation, number: int, who: str, wanted: dict[str, str]
    ) -> tuple[int, Any, dict[str, str]]:
        dice = Random(number)
        known = self.scene.known(operation, dice, number) | wanted
        known["mnemonic"] = f"LINK_{number}"
        if operation.path.endswith("/{session_id}") and who:
            known["session_id"] = wanted.get("session_id", self.scene.session_of[who])
        if operation.path.endswith("/validate"):
            known["candidate"] = self.scene.ruled(known["subject"])["candidate"]
        if operation.method == "POST" and operation.path.endswith("orders"):
            known["product_id"] = self._shown(number)
        sampler = Sampler(self.runner.document, dice, known)
        given = {
            each["name"]: str(sampler.value(each["schema"], each["name"]))
            for each in operation.parameters
            if each["in"] == "path"
        }
        path = operation.path
        for name, text in given.items():
            path = path.replace(f"{{{name}}}", quote(text, safe=""))
        query = f"cursor={quote(wanted['cursor'])}" if "cursor" in wanted else ""
        query = query or ("limit=1" if "cursor" in self._names(operation) else "")
        body = sampler.value(operation.body) if operation.body else None
        if "product_id" in known and isinstance(body, dict) and "lines" in body:
            # What the buyer has seen is checked elsewhere; the sampler knows no price.
            body.pop("expected_total", None)
            body["payment_method"] = "pm_card_visa"
            for line in body["lines"]:
                line.pop("product_version", None)
        sent = json.dumps(body).encode() if operation.body else None
        headers = (("Content-Type", "application/json"),) if sent else ()
        outcome = self.scene.send(
            operation.function, Request(operation.method, path, query, headers, sent, who)
        )
        assert outcome.answer is not None
        return outcome.answer["statusCode"], json_of(outcome.answer), given

    def _names(self, operation: Operation) -> set[str]:
        return {each["name"] for each in operation.parameters}


def test_every_link_leads_where_it_says(rig):
    walker = Walker(rig)
    followed, astray = 0, []
    for number, (method, path, link) in enumerate(links(walker.runner.document)):
        ends = ("/cancel", "/end", "/sessions", "/logout", "/refresh")
        if any(each in path for each in ends) or link["operationId"].startswith("end_"):
            walker = Walker(rig)  # an order is cancelled once, a rule or a session ends once
        status = walker.follow(number, method, path, link)
        if status == NOWHERE:
            continue
        followed += 1
        fine = (200, 201, 404) if link["operationId"] in MAY_LEAD_NOWHERE else (200, 201, 409)
        # Administrators ask about themselves: the only one stays, and as they are.
        of_themselves = {"deactivate_user": 422, "change_roles": 403}
        if link["operationId"] in of_themselves:
            fine = (200, of_themselves[link["operationId"]])
        if status not in fine:
            astray.append((method, path, link, status))
    assert astray == [], astray
    assert followed > 60
