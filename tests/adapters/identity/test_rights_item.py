"""The item that every request is judged by costs one read unit, whoever it is of."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.adapters.key_entry import SCOPES, key_entry, key_from
from shared.identity.adapters.rights import rights_from, rights_item
from shared.identity.domain.api_key import MOST as MOST_KEYS
from shared.identity.domain.api_key import MOST_EVER
from shared.identity.domain.entitlements import Entitlements, Role
from shared.identity.domain.key_text import DIGEST_BYTES, MOST_NUMBERS
from shared.identity.domain.live_key import LiveKey
from shared.identity.domain.rights import LiveSession, Rights
from shared.identity.domain.session import MOST
from shared.kernel.ids import new_id
from shared.platform.access.permissions import OF_SESSIONS, Permission, permissions_of
from shared.platform.dynamodb.codec import from_item, to_item

pytestmark = pytest.mark.row("SEC-01")
NOW = datetime(2026, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
READ_UNIT = 4_096


def size(value: Any) -> int:
    """Return the bytes that DynamoDB counts ("DynamoDB item sizes and formats", AWS)."""
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, int):
        return len(str(value)) // 2 + 2
    if isinstance(value, Mapping):
        return 3 + sum(1 + size(name) + size(inner) for name, inner in value.items())
    return 3 + sum(1 + size(inner) for inner in value)


def worst() -> Rights:
    """Every permission granted or withheld, every session proven by three things, for ever.

    Nothing is both, which a test below holds. And as many keys as one may have, of the longest
    numbers, each with all scopes and an end.
    """
    every = sorted(map(str, Permission))
    key = LiveKey(digest=b"d" * DIGEST_BYTES, scopes=SCOPES, ends_at=NOW)
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
        entitlements=Entitlements.of(Role, every[::2], every[1::2]),
        credentials=1_000_000,
        sessions={new_id(): live for _ in range(MOST)},
        keys=dict.fromkeys(range(MOST_EVER, MOST_EVER - MOST_KEYS, -1), key),
        keys_made=MOST_EVER,
    )


def test_it_is_below_a_read_unit_at_its_largest() -> None:
    item = rights_item(worst())
    counted = sum(len(name) + size(value) for name, value in item.items())
    assert 3_500 < counted < READ_UNIT - 200


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([*Permission])), max_size=30))
def test_nothing_is_granted_and_withheld_at_once(acts: list[tuple[bool, Permission]]) -> None:
    held = Entitlements.of([Role.CUSTOMER])
    for grants, permission in acts:
        act = held.granting if grants else held.revoking
        held = act(str(permission), permissions_of)
        assert not {*held.grants} & {*held.restrictions}


def test_a_key_is_a_few_bytes_of_it() -> None:
    without = replace(worst(), keys={}, keys_made=0)
    keys = rights_item(worst()).keys() - rights_item(without).keys()
    counted = sum(len(name) + size(rights_item(worst())[name]) for name in keys)
    assert counted <= MOST_KEYS * 30 + 30


def test_a_key_is_read_as_it_was_written() -> None:
    rights = worst()
    ends = NOW.replace(microsecond=0)
    keys = {
        1: LiveKey(digest=b"1" * DIGEST_BYTES, scopes=(), ends_at=None),
        2: LiveKey(digest=b"2" * DIGEST_BYTES, scopes=("order:read",), ends_at=ends),
        3: LiveKey(digest=b"3" * DIGEST_BYTES, scopes=tuple(sorted(SCOPES)), ends_at=None),
    }
    written = rights_item(replace(rights, keys=keys, keys_made=3))
    read = rights_from(rights.user_id, from_item(to_item(written)))
    assert (read.keys, read.keys_made) == (keys, 3)


def test_who_has_no_key_has_the_item_of_before_there_were_any() -> None:
    item = rights_item(replace(worst(), keys={}, keys_made=0))
    assert not {"api_keys", "keys_made"} & item.keys()
    assert rights_from("u", item).keys == {}


def test_a_scope_keeps_its_bit() -> None:
    # Recorded when each came: what is stored is read by this for ever.
    assert SCOPES[:3] == ("profile:read", "product:read", "product:read_confidential")
    assert SCOPES[9:12] == ("order:place", "order:read", "order:cancel")
    assert SCOPES.index("client:forward") == 20
    assert set(SCOPES) == {str(each) for each in Permission} - {str(each) for each in OF_SESSIONS}


def test_a_scope_of_a_later_release_grants_nothing_here() -> None:
    of_now = key_entry(LiveKey(digest=b"d" * DIGEST_BYTES, scopes=("product:read",)))
    later = of_now[: DIGEST_BYTES + 4] + (1 << 60 | 2).to_bytes(8)
    assert key_from(later) == key_from(of_now)


def test_every_key_that_one_may_make_can_be_named() -> None:
    assert MOST_EVER <= MOST_NUMBERS


def test_the_formula_counts_what_aws_says() -> None:
    # AWS: a map or list 3 bytes and 1 for each of its entries; a number about half its digits.
    assert size({"a": "bc"}) == 3 + 1 + 1 + 2
    assert size(["abc"]) == 3 + 1 + 3
    assert size("é") == 2
    assert size(1_234_567) == 5
