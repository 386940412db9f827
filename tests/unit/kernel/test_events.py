"""Events and command results are plain data, and survive being stored."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from shared.kernel.commands import CommandResult
from shared.kernel.events import DomainEvent, plain


@dataclass(frozen=True)
class Line:
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed(DomainEvent):
    type: ClassVar[str] = "parcel.packed"
    parcel_id: str
    lines: tuple[Line, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing(CommandResult):
    parcel_id: str
    weights: tuple[int, ...] = ()


@pytest.mark.row("EVT-01")
def test_an_event_becomes_plain_json_values() -> None:
    data = Packed(parcel_id="p-1", lines=(Line("mug", 2),)).to_data()
    assert data == {
        "parcel_id": "p-1",
        "lines": [{"sku": "mug", "quantity": 2}],
        "note": None,
    }
    assert json.loads(json.dumps(data)) == data
    assert (Packed.type, Packed.schema_version) == ("parcel.packed", 1)


@pytest.mark.row("EVT-01")
def test_an_event_reads_older_and_newer_data() -> None:
    """A field added since has its default; a field it does not know yet is left alone."""
    assert Packed.from_data({"parcel_id": "p-1"}) == Packed(parcel_id="p-1")
    assert Packed.from_data({"parcel_id": "p-1", "courier": "x"}) == Packed(parcel_id="p-1")
    with pytest.raises(TypeError):
        Packed.from_data({"note": "no parcel"})


def test_events_cannot_be_changed_afterwards() -> None:
    with pytest.raises(AttributeError):
        Packed(parcel_id="p-1").parcel_id = "p-2"  # type: ignore[misc]


@pytest.mark.row("CQR-01")
def test_a_command_result_survives_being_stored() -> None:
    result = Packing(parcel_id="p-1", weights=(1, 2))
    stored = json.loads(json.dumps(result.to_data()))
    assert stored == {"parcel_id": "p-1", "weights": [1, 2]}
    assert Packing.from_data(stored | {"unknown": 1}).to_data() == result.to_data()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1, (2, [3])), [1, [2, [3]]]),
        ({"line": Line("mug", 1)}, {"line": {"sku": "mug", "quantity": 1}}),
        (None, None),
        (True, True),
    ],
)
def test_plain_goes_all_the_way_down(value: Any, expected: Any) -> None:
    assert plain(value) == expected
