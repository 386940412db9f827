"""The common refusals in one line."""

import pytest

from shared.kernel.errors import AlreadyExists, BusinessRuleViolation, NotFound, PermissionDenied
from shared.kernel.refusals import (
    business_logic_error,
    ensure_not_none,
    permission_denied,
    resource_already_exists,
    resource_not_found,
    validation_error,
)

pytestmark = pytest.mark.row("ERR-02")


class SeatsTaken(BusinessRuleViolation):
    code = "BUSINESS_RULE_VIOLATION"


def test_what_was_found_is_returned_though_it_be_empty() -> None:
    assert ensure_not_none(0, NotFound()) == 0
    assert ensure_not_none("", NotFound()) == ""


def test_what_was_not_found_is_refused() -> None:
    with pytest.raises(NotFound, match="There is no order"):
        ensure_not_none(None, resource_not_found("Order", "o-1"))


def test_each_says_what_and_why() -> None:
    missing = resource_not_found("Order", "o" * 500)
    sentence = "There is no order " + "o" * 100 + "."
    assert (missing.code, missing.message) == ("NOT_FOUND", sentence)
    assert missing.details == {"resource": "Order", "id": "o" * 100}
    taken = resource_already_exists("account")
    assert (type(taken), taken.details) == (AlreadyExists, {"resource": "account"})
    denied = permission_denied("order:admin")
    assert (type(denied), denied.details) == (PermissionDenied, {"needed": ["order:admin"]})
    wrong = validation_error("name", "too long", "length")
    assert wrong.errors == ({"loc": ("name",), "msg": "too long", "type": "length"},)
    full = business_logic_error(SeatsTaken, seats=3)
    assert (type(full), full.details) == (SeatsTaken, {"seats": 3})
