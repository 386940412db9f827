"""The item that every request is judged by costs one read unit, whoever it is of."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.identity.adapters.rights import rights_item
from shared.identity.domain.entitlements import Entitlements, Role
from shared.identity.domain.rights import LiveSession, Rights
from shared.identity.domain.session import MOST
from shared.kernel.ids import new_id
from shared.platform.access.permissions import Permission

pytestmark = pytest.mark.row("SEC-01")
NOW = datetime(2026, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
READ_UNIT = 4_096


def size(value: Any) -> int:
    """Return the bytes that DynamoDB counts ("DynamoDB item sizes and formats", AWS)."""
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, int):
        return len(str(value)) // 2 + 2
    if isinstance(value, Mapping):
        return 3 + sum(1 + size(name) + size(inner) for name, inner in value.items())
    return 3 + sum(1 + size(inner) for inner in value)


def worst() -> Rights:
    """Everything granted, every session proven by three things and renewed for ever."""
    live = LiveSession(
        proven_at=NOW,
        proven_by=("pwd", "otp", "hwk"),
        renewed_at=NOW,
        ends_at=NOW,
        generation=999_999_999,
    )
    return Rights(
        user_id=new_id(),
        active=True,
        entitlements=Entitlements.of(Role, map(str, Permission), map(str, Permission)),
        credentials=1_000_000,
        sessions={new_id(): live for _ in range(MOST)},
    )


def test_it_is_below_a_read_unit_at_its_largest() -> None:
    item = rights_item(worst())
    counted = sum(len(name) + size(value) for name, value in item.items())
    assert 2_500 < counted < READ_UNIT - 500


def test_the_formula_counts_what_aws_says() -> None:
    # AWS: a map or list 3 bytes and 1 for each of its entries; a number about half its digits.
    assert size({"a": "bc"}) == 3 + 1 + 1 + 2
    assert size(["abc"]) == 3 + 1 + 3
    assert size("é") == 2
    assert size(1_234_567) == 5
