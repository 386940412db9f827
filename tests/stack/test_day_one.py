"""What day one looks at, on the local stack, as far as it goes there."""

import pytest

from tools.local.options import STACK_NAME
from tools.operate.day_one import ask
from tools.operate.day_one_checks import CHECKS, Account, look

pytestmark = pytest.mark.row("OPS-04")

HERE = {
    "every stack is complete",
    "the front door answers from the built layers",
    "an empty identitySource asks the authorizer",
    "a route without authorizer",
    "AppConfig",
}
"""What the emulator has as AWS has it."""


def test_the_local_stack_passes_what_it_can(stack):
    account = Account(stack.client, STACK_NAME, ask, front_door=stack.base_url)
    found = {each.what: each for each in look(account, CHECKS)}
    assert {what: found[what].verdict for what in HERE} == dict.fromkeys(HERE, "ok"), found
    summaries = stack.client("cloudformation").list_change_sets(StackName=STACK_NAME)["Summaries"]
    assert summaries == []
