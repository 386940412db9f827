"""What stands in for old code knows every change of an event's schema, and no others."""

from datetime import timedelta
from functools import partial

import pytest

from shared.kernel.clock import from_iso
from shared.platform.dynamodb.codec import from_item, to_item
from tools.lab.published import UPCASTS
from tools.lab.simulation.checks.checks import Checks
from tools.lab.simulation.exhaustive.stories import STORIES, Story
from tools.lab.simulation.trying import try_seed
from tools.lab.simulation.world.as_of_old import DOWNCASTS, Code
from tools.lab.simulation.world.faults import Fault, Faults, Plan
from tools.lab.simulation.world.run import run

PAYMENTS, RESERVED = "payments.process_payment", "order.reserved"

TERMS = {"total": {"amount": 500, "currency": "EUR"}, "payment_method": "pm_card_visa"}
DATA = {
    ("inventory.reserved", 1): {"order_id": "order-1", "lines": [], **TERMS},
    ("order.cancelled", 1): {"previous_status": "paid", "paid": True},
    ("order.cancelled", 2): {"paid": True, "cancelled_by": None, "total": None},
    ("order.placed", 1): {"order_id": "order-1", "payment_method": "pm_card_visa"},
    ("order.reserved", 1): {
        "order_id": "order-1",
        "customer_id": None,
        "total": None,
        "payment_method": None,
    },
    ("product.created", 1): {"mnemonic": "TEA", "category": "uncategorised", "tags": []},
    ("product.updated", 1): {"changes": {"overview": "Tea."}},
}
"""What the later version says, such that the earlier one can be read back as it."""


def test_there_is_a_way_back_for_every_step():
    assert set(DOWNCASTS) == set(UPCASTS) == set(DATA)


@pytest.mark.parametrize("step", DATA)
def test_what_old_code_writes_is_read_as_if_new_code_had_written_it(step):
    old = DOWNCASTS[step](to_item(DATA[step]), lambda _: to_item(TERMS))
    assert old is not None
    assert dict(UPCASTS[step](from_item(old))) == DATA[step]


def test_old_code_does_not_say_what_it_could_not_say():
    changed = to_item({"changes": {"tags": ["new"]}})
    assert DOWNCASTS["product.updated", 1](changed, lambda _: {}) is None
    free = to_item({"order_id": "order-1", "payment_method": None})
    assert DOWNCASTS["order.placed", 1](free, lambda _: {}) is None


@pytest.mark.parametrize(
    ("release", "old", "knows_order", "knows_inventory"),
    [
        (1, True, False, False),
        (1, False, True, False),
        (2, True, True, False),
        (2, False, True, True),
    ],
)
def test_a_release_knows_what_was_made_by_then(release, old, knows_order, knows_inventory):
    code = Code(release, old)
    assert code.knows(("order.reserved", 1)) is knows_order
    assert code.knows(("inventory.reserved", 1)) is knows_inventory
    assert code.knows(("order.cancelled", 1)) is not old


@pytest.mark.parametrize(
    ("release", "wrote"),
    [
        (1, {("order.reserved", 1), ("order.reserved", 2), ("inventory.reserved", 1)}),
        (2, {("order.reserved", 2), ("inventory.reserved", 1), ("inventory.reserved", 2)}),
    ],
)
def test_a_release_that_is_rolled_out_breaks_no_promise(release, wrote):
    """Old and new containers have written on the money's route side by side, and read there."""
    seen, old_writers = set(), 0
    for seed in range(200):
        if rolls_out(seed) != release:
            continue
        result = try_seed(seed)
        assert result.violation is None
        old_writers += result.faults[Fault.OLD_WRITER] > 0
        seen |= reservations(result.world)
        if old_writers >= 3 and seen >= wrote:
            return
    pytest.fail(f"200 seeds had {old_writers} with old code that wrote; they wrote {seen}")


@pytest.mark.parametrize(
    ("release", "wrote"),
    [
        (1, {("order.reserved", 1), ("inventory.reserved", 1)}),
        (2, {("order.reserved", 2), ("inventory.reserved", 1)}),
    ],
)
def test_what_old_code_wrote_is_charged_once_when_it_is_redriven_after_a_fortnight(release, wrote):
    """Payments die at every call until both events are dead letters; then new code gets them."""
    crashes: dict[int, Fault] = {}
    for _ in range(60):
        plan = Plan(at_calls=dict(crashes), release=release)
        result = run(workload=partial(Story, STORIES["paid"]), checks=Checks, plan=plan)
        if result.redriven == 2:
            break
        later = [n for n, name in enumerate(result.world.callers, 1) if name == PAYMENTS]
        crashes[next(n for n in later if n > max(crashes, default=0))] = Fault.CRASH_BEFORE
    assert result.violation is None
    assert result.redriven == 2
    assert reservations(result.world) == wrote
    assert statuses(result.world, "orders", "Order#") == ["paid"]
    assert statuses(result.world, "payments", "Payment#") == ["succeeded"]
    (entry,) = result.world.engine.items("gateway")
    (payment,) = events(result.world, "payments")
    (reserved,) = (each for each in events(result.world, "orders") if each["type"] == RESERVED)
    assert entry["PK"]["S"] == f"CHARGE#{reserved['aggregate_id']}"
    waited = from_iso(payment["occurred_at"]) - from_iso(reserved["occurred_at"])
    assert waited >= timedelta(days=14)


def rolls_out(seed):
    """Return the release that is rolled out in a run; 0 for none."""
    faults = Faults(Plan(seed=seed))
    return faults.release if faults.old_code else 0


def events(world, table):
    """Return the event items of a table."""
    items = (from_item(item) for item in world.engine.items(table))
    return [item for item in items if item["SK"].startswith("EVENT#")]


def reservations(world):
    """Return which versions of the events on the money's route are stored."""
    stored = [*events(world, "orders"), *events(world, "inventory")]
    return {
        (each["type"], each["schema_version"])
        for each in stored
        if each["type"] in (RESERVED, "inventory.reserved")
    }


def statuses(world, table, prefix):
    """Return the statuses of the states in a table."""
    items = (from_item(item) for item in world.engine.items(table))
    return [
        each["status"] for each in items if each["PK"].startswith(prefix) and each["SK"] == "STATE"
    ]
