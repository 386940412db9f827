"""The world itself: what its parts promise, and that each can be seen to fail."""

import json
from collections.abc import Iterator
from random import Random

import pytest

from tools.lab.simulation.exhaustive.plans import CrashPlan
from tools.lab.simulation.trying import try_plan, try_seed
from tools.lab.simulation.world import virtual
from tools.lab.simulation.world.failing import possible
from tools.lab.simulation.world.faults import CRASHES, Fault, Faults, Plan
from tools.lab.simulation.world.inline import Pool
from tools.lab.simulation.world.run import Result, run
from tools.lab.simulation.world.scheduler import Scheduler
from tools.lab.simulation.world.state import state
from tools.lab.simulation.world.tasks import Killed
from tools.lab.simulation.world.templates import deployed
from tools.lab.simulation.world.world import World
from tools.lab.support.http_events import ADMIN

PRODUCT = {
    "mnemonic": "TEA",
    "overview": "Tea.",
    "is_confidential": False,
    "price": {"amount": 100, "currency": "EUR"},
}


class Acting:
    """A workload of one actor; *act* takes the world."""

    def __init__(self, act):
        self._act = act

    def __call__(self, world: World, dice: Random) -> "Acting":
        self._world = world
        return self

    def actors(self) -> list[Iterator]:
        return [self._act(self._world)]

    def epilogue(self) -> list[Iterator]:
        return []


class Watching:
    """Checks that hold nothing and remember everything."""

    def __init__(self, world: World) -> None:
        self.steps = []

    def asked(self, pending): ...
    def answered(self, pending): ...
    def set_out(self, errand): ...
    def told(self, errand): ...
    def settled(self): ...
    def at_quiescence(self): ...

    def after_step(self, step):
        self.steps.append(step)


def played(act, faults=None, checks=Watching) -> Result:
    """Run *act* in order, with faults at the numbered calls."""
    return run(workload=Acting(act), checks=checks, plan=Plan(at_calls=faults or {}))


def test_a_request_goes_through_the_real_handler_to_table_stream_bus_and_back():
    seen = {}

    def act(world):
        request = world.http("POST", "/api/v1/products", body=PRODUCT, caller=ADMIN)
        yield request
        seen["answer"] = request.answer

    result = played(act)
    assert seen["answer"].status == 201
    (source, detail) = result.world.bus_log[0]
    assert (source, detail["type"]) == ("tradewind.catalog", "product.created")
    assert detail["data"]["mnemonic"] == "TEA"


def test_who_crashes_before_a_write_has_no_effect_and_after_it_has_it():
    def act(world):
        yield world.http("POST", "/api/v1/products", body=PRODUCT, caller=ADMIN)

    for crash, events in zip(CRASHES, (0, 1), strict=True):
        result = played(act, {2: crash})  # the rules are read first
        assert len(result.world.bus_log) == events
        assert result.world.invocations["catalog.create_product"] == 1


def test_a_dead_container_is_not_heard_of_again():
    """The handler's own clean-up would report the error to the table: nothing of it arrives."""
    seen = {}

    def act(world):
        request = world.http("POST", "/api/v1/products", body=PRODUCT, caller=ADMIN)
        yield request
        seen["answer"] = request.answer

    result = played(act, {1: Fault.CRASH_BEFORE})
    assert seen["answer"] is None
    assert result.calls.total() == 1
    assert result.world.engine.changes == []


@pytest.mark.parametrize(
    ("method", "path", "function", "status"),
    [
        ("GET", "/api/v1/orders/of/nobody/at/all", "orders.unmatched", 404),
        ("DELETE", "/api/v2/products", "catalog.unmatched", 405),
        ("GET", "/health/of/nobody", "gateway.unmatched", 404),
    ],
)
def test_what_no_route_has_is_answered_by_the_nearest_service(method, path, function, status):
    seen = {}

    def act(world):
        seen["request"] = world.http(method, path, caller=ADMIN)
        yield seen["request"]

    played(act)
    assert seen["request"].function == function
    assert seen["request"].answer.status == status


def test_a_function_is_invoked_by_itself_and_tells_what_it_did():
    seen = {}

    def act(world):
        yield world.http("POST", "/api/v1/products", body=PRODUCT, caller=ADMIN)
        seen["errand"] = world.ask("operations.run_migrations", {"context": "catalog"})
        yield seen["errand"]

    played(act)
    assert seen["errand"].result["done"] is True
    assert [each["scanned"] > 2 for each in seen["errand"].result["migrations"]] == [True, True]


def test_threads_of_a_container_are_done_at_once_and_die_with_it():
    done = []
    with Pool(max_workers=2) as pool:
        assert list(pool.map(lambda each: done.append(each) or each, range(3))) == [0, 1, 2]
        failed = pool.submit(lambda: 1 / 0)
        assert isinstance(failed.exception(), ZeroDivisionError)

        def die():
            raise Killed

        with pytest.raises(Killed):
            pool.submit(die)
    assert done == [0, 1, 2]


def test_a_message_that_keeps_failing_becomes_a_dead_letter_and_is_redriven():
    """Poison is not: it stays where an operator finds it."""

    def act(world):
        world.send("inventory.ReserveStockQueue", "no event")
        yield 0.0

    world = played(act).world
    assert world.dlqs["inventory.ReserveStockDeadLetterQueue"] == ["no event"]
    assert world.queues["inventory.ReserveStockQueue"] == []


def test_a_relay_that_died_after_its_put_puts_again():
    story = CrashPlan("paid")
    calls = story.play().world.callers
    put = calls.index("orders.relay_events") + 1
    result = CrashPlan("paid", ((put, Fault.CRASH_AFTER),)).play()
    assert result.violation is None
    ids = [detail["id"] for _, detail in result.world.bus_log]
    assert len(ids) > len(set(ids))
    assert result.faults[Fault.RELAY_DIED] == 1


def test_an_exception_that_is_no_violation_is_a_mistake_of_the_simulator():
    def act(world):
        yield 0.0
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        played(act)
    assert state.world is None


def test_a_failed_check_is_the_result():
    class Strict(Watching):
        def after_step(self, step):
            raise AssertionError(f"{step.function} changed {len(step.changes)} items")

    def act(world):
        yield world.http("POST", "/api/v1/products", body=PRODUCT, caller=ADMIN)

    result = played(act, checks=Strict)
    assert "catalog.create_product changed" in str(result.violation)
    assert "VIOLATION" in str(result.trace)


def test_time_is_the_scheduler_s():
    seen = []
    scheduler = Scheduler(Random(1), orderly=True)
    scheduler.at(scheduler.clock.now + 3_600, lambda: seen.append(scheduler.clock.elapsed))
    scheduler.run()
    assert seen == [3_600.0]


def test_containers_disagree_about_the_time_of_day_and_agree_about_durations():
    results = [try_seed(seed) for seed in range(12)]
    skews = {each.skew for result in results for each in result.world._fleet.all}
    assert skews == {0.0}  # right again at the end
    assert sum(result.faults[Fault.CLOCK_JUMP] for result in results) > 0


def test_outside_a_run_time_and_chance_are_real():
    assert virtual.wall() > 1_700_000_000
    assert virtual.urandom(8) != virtual.urandom(8)
    with pytest.raises(RuntimeError, match="only an invocation"):
        virtual.sleep(1.0)


def test_every_kind_of_fault_at_calls_is_possible_somewhere():
    operations = ("TransactWriteItems", "PutItem", "BatchGetItem", "PutEvents", "SendEmail")
    kinds = {kind for operation in operations for kind in possible(operation)}
    assert {Fault.CONFLICT, Fault.UNPROCESSED_KEYS, Fault.PARTIAL_PUT} <= kinds
    assert set(CRASHES) <= kinds


def test_seeds_differ_in_how_much_goes_wrong():
    intensities = {round(Faults(Plan(seed=seed)).intensity, 3) for seed in range(50)}
    assert 0.0 in intensities
    assert max(intensities) > 0.1
    assert len(intensities) > 10


def test_no_fault_after_the_last_one_that_is_wanted():
    assert try_plan(Plan(seed=9, max_faults=0)).injected == 0
    assert try_plan(Plan(seed=9, max_faults=3)).injected == 3


def test_the_cloud_is_read_from_the_templates():
    cloud = deployed()
    assert len(cloud.streams) >= 6
    assert len(cloud.queues) >= 9
    assert {each.consumer for each in cloud.queues.values()} == {
        each.consumer for each in cloud.subscriptions
    }
    assert cloud.queues["inventory.ReserveStockQueue"].max_receive_count == 20
    placed = {"source": "tradewind.orders", "detail-type": "order.placed", "detail": {}}
    takers = {each.consumer for each in cloud.subscriptions if each.matches(placed)}
    assert "inventory.reserve_stock" in takers
    assert "orders.finalize_order" not in takers


def test_the_events_on_the_bus_are_json_as_eventbridge_sends_it():
    result = CrashPlan("paid").play()
    bodies = [json.dumps(detail) for _, detail in result.world.bus_log]
    assert len(bodies) > 10
    assert {"user.registered", "order.completed"} <= {d["type"] for _, d in result.world.bus_log}
