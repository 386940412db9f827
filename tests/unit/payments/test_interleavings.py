"""Charge and cancellation in every order of their steps, with a crash after any of them."""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import greenlet
import pytest

from shared.kernel.clock import SystemClock
from shared.kernel.ids import new_id
from shared.kernel.result import Result
from shared.payments.domain.gateway import Charge, ChargeRequest, Declined
from shared.payments.domain.payment import Payment
from shared.payments.use_cases.process_payment import ProcessPaymentHandler
from shared.payments.use_cases.refund_payment import RefundPaymentHandler
from shared.platform.entry.commands import retrying
from tests.support.fakes.database import Database
from tests.support.fakes.repository import InMemoryRepository
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork
from tests.unit.payments.conftest import PROCESS, REFUND
from tests.unit.payments.fakes import GatewayInMemory

STEPS = 3  # read, gateway, commit


class Crash(Exception):
    """The function died; its message comes again."""


@dataclass
class Actor:
    """One invocation, which gives way after each of its steps and dies after step ``dies``."""

    run: Callable[["Actor"], None]
    dies: int | None = None
    steps: int = 0
    crashed: bool = False
    thread: greenlet.greenlet = field(init=False)

    def __post_init__(self) -> None:
        self.thread = greenlet.greenlet(self._body)

    def _body(self) -> None:
        try:
            retrying(lambda: self.run(self), sleep=lambda _: None)
        except Crash:
            self.crashed = True

    def step(self) -> None:
        """A step has been taken: somebody else's turn, unless this was the last."""
        self.steps += 1
        greenlet.getcurrent().parent.switch()
        if self.steps == self.dies:
            raise Crash

    def advance(self) -> None:
        """Take one step."""
        if not self.thread.dead:
            self.thread.switch()


class SteppingPayments:
    """Payments whose reader gives way after the read."""

    def __init__(self, inner: InMemoryRepository[Payment], actor: Actor) -> None:
        self.save = inner.save
        self._inner = inner
        self._actor = actor

    def find(self, aggregate_id: str) -> Payment | None:
        found = self._inner.find(aggregate_id)
        self._actor.step()
        return found


class SteppingUnitOfWork(InMemoryUnitOfWork):
    """Gives way after the read and after the commit."""

    def __init__(self, database: Database, actor: Actor) -> None:
        super().__init__(database)
        self._actor = actor

    @property
    def payments(self) -> SteppingPayments:
        return SteppingPayments(InMemoryRepository(self, Payment), self._actor)

    def commit(self, result: Any = None) -> None:
        super().commit(result)
        self._actor.step()


def world(gateway_type: type[GatewayInMemory] = GatewayInMemory) -> tuple[Any, ...]:
    """Return a database, a gateway and the two invocations as functions of their actor."""
    database, ledger = Database(), gateway_type()

    def gateway(actor: Actor) -> GatewayInMemory:
        view = gateway_type(meanwhile=actor.step)
        view.ledger = ledger.ledger
        return view

    def process(actor: Actor) -> None:
        uow = SteppingUnitOfWork(database, actor)
        ProcessPaymentHandler(uow=uow, gateway=gateway(actor), clock=SystemClock())(PROCESS)

    def refund(actor: Actor) -> None:
        uow = SteppingUnitOfWork(database, actor)
        RefundPaymentHandler(uow=uow, gateway=gateway(actor), clock=SystemClock())(REFUND)

    return database, ledger, process, refund


def schedules() -> Iterator[str]:
    """Yield every order of three steps of A and three of B."""
    for first in combinations(range(2 * STEPS), STEPS):
        yield "".join("A" if turn in first else "B" for turn in range(2 * STEPS))


def play(schedule: str, a: Actor, b: Actor) -> None:
    """Run both by *schedule*, then to their ends, then once more whatever had crashed."""
    for turn in schedule:
        (a if turn == "A" else b).advance()
    again = []
    for actor in (a, b):
        while not actor.thread.dead:
            actor.advance()
        if actor.crashed:
            again.append(Actor(actor.run))
    for actor in again:
        while not actor.thread.dead:
            actor.advance()


CRASHES = [(None, None), *((n, None) for n in (1, 2, 3)), *((None, n) for n in (1, 2, 3))]


def test_all_schedules_are_tried() -> None:
    assert len(set(schedules())) == 20


@pytest.mark.parametrize("crashes", CRASHES)
@pytest.mark.parametrize("schedule", [*schedules()])
def test_a_cancelled_order_ends_at_net_zero(
    schedule: str, crashes: tuple[int | None, int | None]
) -> None:
    database, ledger, process, refund = world()
    play(schedule, Actor(process, crashes[0]), Actor(refund, crashes[1]))
    assert ledger.net == 0
    assert len(ledger.captured) <= 1
    payment = database.states["Payment", "order-1"]
    assert payment.status in ("refunded", "voided", "failed")
    assert len(database.events) == payment.version


@pytest.mark.parametrize("crashes", CRASHES)
@pytest.mark.parametrize("schedule", [*schedules()])
def test_two_deliveries_of_a_reservation_capture_once(
    schedule: str, crashes: tuple[int | None, int | None]
) -> None:
    database, ledger, process, _ = world()
    play(schedule, Actor(process, crashes[0]), Actor(process, crashes[1]))
    assert (ledger.captured, ledger.net) == ([5990], 5990)
    assert database.event_types == ["payment.succeeded"]


class ForgetfulGateway(GatewayInMemory):
    """A planted bug: cancelling does nothing."""

    def cancel(self, key: str) -> None:
        self.meanwhile()


class KeylessGateway(GatewayInMemory):
    """A planted bug: every charge is another one."""

    def charge(self, request: ChargeRequest) -> Result[Charge, Declined]:
        return super().charge(dataclasses.replace(request, key=new_id()))


def test_a_gateway_that_ignores_cancellations_is_noticed() -> None:
    nets = set()
    for schedule in schedules():
        _, ledger, process, refund = world(ForgetfulGateway)
        play(schedule, Actor(process), Actor(refund))
        nets.add(ledger.net)
    assert nets == {0, 5990}


def test_a_gateway_that_ignores_keys_is_noticed() -> None:
    captures = set()
    for schedule in schedules():
        _, ledger, process, _ = world(KeylessGateway)
        play(schedule, Actor(process), Actor(process))
        captures.add(len(ledger.captured))
    assert captures == {1, 2}
