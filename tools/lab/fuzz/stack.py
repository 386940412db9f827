"""The same attacks, as bytes, on the deployed local stack: ``python -m tools.lab.fuzz.stack``."""

import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from random import Random
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import uuid4

from shared.identity.domain.key_text import key_id
from shared.platform.dynamodb.codec import from_item
from tools.docs.openapi.document import assemble
from tools.docs.openapi.functions import load
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.lab.fuzz.cases import ON_THE_WIRE, Cases
from tools.lab.fuzz.oracle import MAY_BE_WRITTEN, Problem, evaluate
from tools.lab.fuzz.rig import Outcome, Rig
from tools.lab.fuzz.samples import Operation, operations
from tools.lab.fuzz.scene import ADMIN, CUSTOMER, OTHER, Scene
from tools.lab.fuzz.wire import FRAMES, Reply, exchange, head_of
from tools.lab.support.shop import Shop
from tools.local.access import StackAccess
from tools.local.options import Options
from tools.local.reporter import Reporter
from tools.local.stack import LocalStack

_AT_ONCE = 3
_BARE = "/.well-known/"


@dataclass(slots=True)
class StackTally:
    """What was sent, who answered, and what was wrong.

    ``before_us`` are answers of the web server itself, which no function of ours has seen.
    """

    requests: int = 0
    ours: Counter[int] = field(default_factory=Counter)
    before_us: Counter[int] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return the figures, a sentence each."""
        return [
            f"{self.requests:,} requests over sockets",
            f"answered by a function: {_listed(self.ours)}",
            f"answered by the web server before us (0: closed): {_listed(self.before_us)}",
        ]


def _listed(found: Counter[int]) -> str:
    return ", ".join(f"{status}: {number:,}" for status, number in sorted(found.items()))


class StackFuzzer:
    """Attacks the front door of a running stack."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        parts = urlsplit(shop.stack.base_url)
        self._address = (parts.hostname or "", parts.port or 80)
        document = assemble(load())
        self._scene = _scene(shop)
        self._cases = Cases(document, operations(document), self._scene, ON_THE_WIRE)

    def run(self, seed: int, numbers: Sequence[int]) -> StackTally:
        """Send these cases, a few at a time, and look at the tables afterwards."""
        tally = StackTally()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for number, (operation, reply) in zip(
                numbers, pool.map(lambda n: self._send(seed, n), numbers), strict=True
            ):
                _count(tally, seed, number, operation, reply)
        tally.problems += self._left_behind(tally.refused)
        return tally

    def _send(self, seed: int, number: int) -> tuple[Operation, Reply | Exception]:
        case = self._cases.case(seed, number)
        request, dice = case.request(), Random(f"{seed}/{number}/frame")
        if request.token and not request.header("authorization"):
            token = self._scene.tokens[request.token]
            request = request.with_header("Authorization", f"Bearer {token}")
        head = head_of(request, f"{self._address[0]}:{self._address[1]}")
        sent = dice.choice(FRAMES)(head, request.body or b"", dice)
        try:
            return case.operation, exchange(self._address, sent)
        except (OSError, HTTPException) as error:
            return case.operation, error

    def _left_behind(self, refused: dict[str, int]) -> list[str]:
        """Return the events that requests have left in the tables although they were refused."""
        found, client = [], self._shop.stack.client("dynamodb")
        for service in ("catalog", "identity", "inventory", "orders"):
            pages = client.get_paginator("scan").paginate(
                TableName=self._shop.stack.table(service), ConsistentRead=True
            )
            for page in pages:
                for item in map(from_item, page["Items"]):
                    status = refused.get(str(item.get("request_id")))
                    if status and not item["PK"].startswith(tuple(MAY_BE_WRITTEN)):
                        found.append(f"write after a refusal: {status}, {service}: {item['PK']}")
        return found


def _count(
    tally: StackTally, seed: int, number: int, operation: Operation, reply: Reply | Exception
) -> None:
    tally.requests += 1
    if isinstance(reply, Exception):
        problems = [Problem("no HTTP answer", f"{type(reply).__name__}: {reply}")]
    elif "x-request-id" in reply.headers:
        tally.ours[reply.status] += 1
        problems = _problems_of(operation, reply)
        if reply.status >= 400:
            tally.refused[reply.headers["x-request-id"]] = reply.status
    else:
        tally.before_us[reply.status] += 1
        wrong = reply.status >= 500
        problems = (
            [Problem(f"server answers {reply.status}", repr(reply.body[:200]))] if wrong else []
        )
    case = f"case {number} of seed {seed}, {operation.name}"
    tally.problems += [f"{case}: {each.kind}: {each.detail}" for each in problems]


def _problems_of(operation: Operation, reply: Reply) -> list[Problem]:
    answer: dict[str, Any] = {"statusCode": reply.status, "headers": reply.headers}
    answer["body"] = reply.body.decode("utf-8", "replace")
    if not reply.body:  # HEAD, 304: nothing to read
        return [Problem(f"status {reply.status}", "")] if reply.status >= 500 else []
    if reply.headers.get("content-encoding") == "gzip":
        return []
    return evaluate(Outcome(answer, [], ""), bare=operation.path.startswith(_BARE))


def _scene(shop: Shop) -> Scene:
    """Return what the cases are about, made over the API."""
    scene = Scene(cast("Rig", None))
    customer, other = shop.new_customer(), shop.new_customer()
    scene.tokens = {ADMIN: shop.admin.token, CUSTOMER: customer.token, OTHER: other.token}
    scene.products = [
        shop.new_product(f"WIRE_{uuid4().hex[:12].upper()}", price=1250, stock=1_000)
        for _ in range(2)
    ]
    for _ in range(2):
        placed = customer.place((scene.products[0], 1))
        scene.orders.append(placed.json()["data"]["id"])
    for who in (customer, other):
        spare = shop.log_in(who.email).session
        scene.sessions[spare["session_id"]] = spare["refresh_token"]
    scene.keys = {"of nobody": key_id(customer.id, 1)}
    scene.flag, scene.customer = "customer_mails", customer.id
    return scene


def attack(access: StackAccess, seed: int, requests: int) -> StackTally:
    """Open the shop of a stack and send that many cases."""
    with Shop.opened(access) as shop:
        return StackFuzzer(shop).run(seed, range(requests))


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Start a stack, attack it; 1 when anything is wrong."""
    parser = Parser(prog="python -m tools.lab.fuzz.stack", description=__doc__)
    parser.add_argument("--requests", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with LocalStack(Options(port=0, front_port=0), Reporter()) as stack:
        tally = attack(stack, options.seed, options.requests)
    sys.stdout.write("\n".join([*tally.lines(), *tally.problems]) + "\n")
    return 1 if tally.problems or not tally.ours else 0


if __name__ == "__main__":
    sys.exit(main())
