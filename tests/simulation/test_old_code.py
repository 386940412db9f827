"""What stands in for old code knows every change of an event's schema, and no others."""

import pytest

from shared.platform.dynamodb.codec import from_item, to_item
from shared.platform.events.upcasts import UPCASTS
from tools.lab.simulation.trying import try_seed
from tools.lab.simulation.world.as_of_old import DOWNCASTS
from tools.lab.simulation.world.faults import Fault

DATA = {
    ("order.cancelled", 1): {"previous_status": "paid", "paid": True},
    ("product.created", 1): {"mnemonic": "TEA", "category": "uncategorised", "tags": []},
    ("product.updated", 1): {"changes": {"overview": "Tea."}},
}
"""What the later version says, such that the earlier one can be read back as it."""


def test_there_is_a_way_back_for_every_step():
    assert set(DOWNCASTS) == set(UPCASTS) == set(DATA)


@pytest.mark.parametrize("step", DATA)
def test_what_old_code_writes_is_read_as_if_new_code_had_written_it(step):
    old = DOWNCASTS[step](to_item(DATA[step]))
    assert old is not None
    assert dict(UPCASTS[step](from_item(old))) == DATA[step]


def test_old_code_does_not_say_what_it_could_not_say():
    changed = to_item({"changes": {"tags": ["new"]}})
    assert DOWNCASTS["product.updated", 1](changed) is None


def test_a_release_that_is_rolled_out_breaks_no_promise():
    seen = 0
    for seed in range(40):
        result = try_seed(seed)
        assert result.violation is None
        seen += result.faults[Fault.OLD_WRITER] > 0
        if seen == 3:
            return
    pytest.fail(f"only {seen} of 40 seeds had old code that wrote")
