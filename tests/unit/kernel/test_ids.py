"""Identifiers are version 7 UUIDs: unique, and sorted by the time they were made."""

from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.ids import canonical, id_check, is_id, new_id, uuid7

milliseconds = st.integers(0, 2**48 - 1)
randomness = st.binary(min_size=10, max_size=10)


@given(milliseconds, randomness)
def test_the_layout_is_that_of_version_7(moment: int, chance: bytes) -> None:
    text = uuid7(moment, chance)
    uuid = UUID(text)
    assert str(uuid) == text
    assert (uuid.version, uuid.variant) == (7, RFC_4122)
    assert uuid.int >> 80 == moment
    assert is_id(text)


def test_the_example_of_the_standard() -> None:
    """RFC 9562 appendix A.6: 2022-02-22 19:22:22 UTC, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F."""
    chance = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10)
    assert uuid7(0x017F22E279B0, chance) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(milliseconds, randomness, milliseconds, randomness)
def test_later_ids_sort_after_earlier_ones(
    one: int, chance: bytes, other: int, fate: bytes
) -> None:
    if one < other:
        assert uuid7(one, chance) < uuid7(other, fate)


def test_new_ids_differ() -> None:
    made = [new_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert all(map(is_id, made))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
        "017f22e279b07cc398c4dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
    ],
)
def test_anything_else_is_no_id(text: str) -> None:
    assert not is_id(text)


def test_a_check_lets_ids_through_and_refuses_what_cannot_be_one() -> None:
    checked = id_check(LookupError)
    known = new_id()
    assert checked(known) == known
    with pytest.raises(LookupError, match="nonsense"):
        checked("nonsense")


def test_an_id_in_upper_case_is_the_same_id() -> None:
    id_ = new_id()
    assert canonical(id_.upper()) == canonical(id_) == id_
    for text in ("SALES_ALERTS", "", "x" * 40, "0190A000-0000-4000-8000-00000000DEAD"):
        assert canonical(text) == text
