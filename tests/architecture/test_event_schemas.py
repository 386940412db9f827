"""The registry of event schemas: whole, never changed once published, and always compatible."""

import copy
import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.customers import consumers as customers
from shared.inventory import consumers as inventory
from shared.kernel.clock import from_iso
from shared.kernel.events import DomainEvent, EventContext, EventEnvelope
from shared.orders.consumers import on_inventory_reserved
from shared.payments import consumers as payments
from shared.platform.events.fields import text
from shared.platform.events.upcasts import register, upcast
from tests.support.memory_bus import rules
from tests.support.schemas import registered
from tools.check.compatibility import Schema, breaks, demands, fingerprint
from tools.check.project import ROOT, handlers
from tools.check.schemas import RECORD
from tools.lab.published import EVENTS, UPCASTS

pytestmark = pytest.mark.row("EVT-07")

REGISTRY = registered()
WITHDRAWN = {
    ("inventory.reserved", 2): [
        "data.payment_method: no longer always there",
        "data.total: no longer always there",
    ],
    ("order.placed", 2): ["data.payment_method: type changed, may now be null"],
}
"""What a version no longer promises: what all of its readers had learnt to do without (ADR 23)."""
READERS: dict[str, dict[str, Callable[[EventEnvelope], object]]] = {
    "inventory.reserved": {
        "orders.record_reservation": on_inventory_reserved,
        "payments.process_payment": payments.on_inventory_reserved,
    },
    "order.placed": {
        "customers.project_customer_summary": customers.on_order_placed,
        "inventory.reserve_stock": inventory.on_order_placed,
    },
}
"""Who reads such an event, by the name of the consumer."""
register(UPCASTS)
STEPS = [(kind, number) for kind, found in REGISTRY.items() for number in found if number > 1]


def event_classes() -> dict[str, type[DomainEvent]]:
    """Every event that the code can record."""
    for path in sorted((ROOT / "shared").rglob("*.py")):
        if "(DomainEvent)" in path.read_text("utf-8"):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found: dict[str, type[DomainEvent]] = {}
    waiting = [DomainEvent]
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each.__module__.startswith("shared."):
                found[each.type] = each
            waiting.append(each)
    return found


def test_every_event_of_the_code_has_its_schema_and_no_other_is_newest() -> None:
    in_code = {kind: event.schema_version for kind, event in event_classes().items()}
    newest = {kind: max(versions) for kind, versions in REGISTRY.items()}
    assert newest == in_code
    assert len(newest) > 20


def test_a_context_publishes_the_events_of_its_code() -> None:
    in_code: dict[str, dict[str, int]] = {}
    for kind, event in event_classes().items():
        in_code.setdefault(event.__module__.split(".")[1], {})[kind] = event.schema_version
    del in_code["platform"]  # errors and denials, of every context
    assert in_code == EVENTS


def handled(context: str) -> set[str]:
    """The types of the events that the context's consumers take."""
    return {
        kind
        for handler in handlers()
        if handler.parts[-3] == context
        for listed in re.findall(r"@consumer\.on\(([^)]*)\)", handler.read_text("utf-8"))
        for kind in re.findall(r'"([^"]+)"', listed)
    }


def read_in(context: str) -> set[tuple[str, int]]:
    """The steps of the events that the context's functions read: its own and those it handles."""
    kinds = handled(context) | EVENTS.get(context, {}).keys()
    return {(kind, number) for kind, number in UPCASTS if kind in kinds}


def registered_by(module: str) -> set[tuple[str, int]]:
    """The steps that a process has which has loaded only *module*."""
    program = f"import {module}; from shared.platform.events.upcasts import UPCASTS as found; "
    done = subprocess.run(  # our own interpreter and text
        [sys.executable, "-c", program + "print(*(f'{kind} {number}' for kind, number in found))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    words = done.stdout.split()
    return {(kind, int(number)) for kind, number in zip(words[::2], words[1::2], strict=True)}


CONTEXTS = sorted({path.parts[-3] for path in handlers()})


@pytest.mark.parametrize("context", [each for each in CONTEXTS if read_in(each)])
def test_a_context_registers_the_steps_of_every_event_that_it_reads(context: str) -> None:
    assert read_in(context) <= registered_by(f"shared.{context}.wiring")


def test_consumers_of_events_with_steps_are_found() -> None:
    assert {"inventory", "payments"} <= {each for each in CONTEXTS if read_in(each)}
    assert read_in("identity") == set()
    assert registered_by("shared.identity.wiring") == set()


@pytest.mark.parametrize("context", [each for each in CONTEXTS if each in EVENTS])
def test_a_relay_has_the_steps_of_its_events(context: str) -> None:
    source = (ROOT / "functions" / context / "relay_events" / "handler.py").read_text("utf-8")
    has_steps = any(kind in EVENTS[context] for kind, _ in UPCASTS)
    assert ("lambda_handler(UPCASTS)" in source) == has_steps


def test_every_event_that_is_handled_is_published_by_somebody() -> None:
    published = {kind for kinds in EVENTS.values() for kind in kinds}
    assert {kind for each in CONTEXTS for kind in handled(each)} - published == set()


@pytest.mark.parametrize("kind", REGISTRY)
def test_versions_are_complete_and_say_who_they_are(kind: str) -> None:
    versions = REGISTRY[kind]
    assert sorted(versions) == list(range(1, len(versions) + 1))
    for number, schema in versions.items():
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"urn:tradewind:event:{kind}:{number}"
        assert schema["properties"]["type"] == {"const": kind}
        assert schema["properties"]["schema_version"] == {"const": number}


def test_what_was_published_is_as_it_was() -> None:
    """Changed on purpose? Then it is a new version: a new file, and ``make schemas``."""
    recorded = json.loads(Path(RECORD).read_text("utf-8"))
    found = {
        f"{kind}/{number}": fingerprint(schema)
        for kind, versions in REGISTRY.items()
        for number, schema in versions.items()
    }
    assert found == recorded


def test_there_is_a_step_to_look_at() -> None:
    assert STEPS
    assert {(kind, number - 1) for kind, number in STEPS} == set(UPCASTS)


@pytest.mark.parametrize(("kind", "number"), STEPS)
def test_a_new_version_breaks_nobody(kind: str, number: int) -> None:
    old, new = REGISTRY[kind][number - 1], REGISTRY[kind][number]
    assert breaks(old, new) == WITHDRAWN.get((kind, number), [])
    assert (kind, number - 1) in UPCASTS or demands(old, new) == []


@pytest.mark.parametrize(("kind", "number"), WITHDRAWN)
def test_who_subscribed_does_without_what_is_withdrawn(kind: str, number: int) -> None:
    subscribed = {rule.consumer for rule in rules() if kind in rule.pattern["detail-type"]}
    assert set(READERS[kind]) == subscribed
    assert at_a_loss(READERS[kind], kind, number) == []


@pytest.mark.parametrize(("kind", "number"), STEPS)
def test_what_was_stored_before_is_upcast_to_what_the_schema_says(kind: str, number: int) -> None:
    tried = 0
    for data in examples(REGISTRY[kind][number - 1]):
        newest = upcast(envelope(kind, number - 1, data))
        schema = REGISTRY[kind][newest.schema_version]
        inner = {**schema["properties"]["data"], "$defs": schema.get("$defs", {})}
        Draft202012Validator(inner).validate(dict(newest.data))
        tried += 1
    assert tried


def test_an_upcast_leaves_alone_what_is_new_or_from_the_future() -> None:
    today = envelope("order.cancelled", 3, {"paid": False})
    assert upcast(today) is today
    later = envelope("order.cancelled", 4, {"x": 1})
    assert upcast(later) is later


@pytest.mark.parametrize(
    ("status", "paid"),
    [("pending", False), ("reserved", False), ("paid", True), ("confirmed", True), (None, False)],
)
def test_an_old_cancellation_says_whether_it_was_paid(status: str | None, paid: bool) -> None:
    data = {"order_id": "o-1"} | ({"previous_status": status} if status else {})
    newest = upcast(envelope("order.cancelled", 1, data))
    assert newest.schema_version == 3
    assert newest.data == data | {"paid": paid, "cancelled_by": None, "total": None}


def at_a_loss(
    readers: Mapping[str, Callable[[EventEnvelope], object]], kind: str, number: int
) -> list[str]:
    """Who cannot read an event that says no more than its schema demands."""
    required = REGISTRY[kind][number]["properties"]["data"]["required"]
    (data,) = examples(REGISTRY[kind][number])
    fields = REGISTRY[kind][number]["properties"]["data"]["properties"]
    says = {
        name: None if "null" in fields[name].get("type", ()) else data[name] for name in required
    }
    event = envelope(kind, number, says)
    found = []
    for name, read in readers.items():
        try:
            read(event)
        except (LookupError, ValueError):
            found.append(name)
    return found


def envelope(kind: str, version: int, data: dict[str, Any]) -> EventEnvelope:
    return EventEnvelope(
        id="e-1",
        type=kind,
        schema_version=version,
        aggregate_type="Order",
        aggregate_id="o-1",
        version=1,
        occurred_at=from_iso("2026-01-01T00:00:00Z"),
        context=EventContext(),
        data=data,
    )


def examples(schema: Schema) -> Iterator[dict[str, Any]]:
    """Data that *schema* allows: one with everything, and one for each value of its enums."""
    data = schema["properties"]["data"]
    plain = example(data, schema)
    yield plain
    for name, field in data["properties"].items():
        for value in field.get("enum", ()):
            yield plain | {name: value}


def example(schema: Schema, root: Schema) -> Any:  # noqa: PLR0911  # one per kind
    """A value that *schema*, a part of *root*, allows."""
    if "$ref" in schema:
        return example(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    match kinds[0]:
        case "object":
            return {name: example(each, root) for name, each in schema["properties"].items()}
        case "array":
            return [example(schema["items"], root)]
        case "string":
            allowed = (text for text in ("EUR", "x") if re.search(schema.get("pattern", ""), text))
            return next(allowed)
        case "boolean":
            return True
        case _:
            return schema.get("minimum", 1)


def removed(data: Schema) -> None:
    del data["properties"]["reason"]
    data["required"].remove("reason")


def changed_type(data: Schema) -> None:
    data["properties"]["reason"] = {"type": "integer"}


def sometimes_missing(data: Schema) -> None:
    data["required"].remove("reason")


def sometimes_null(data: Schema) -> None:
    data["properties"]["reason"]["type"] = ["string", "null"]


def unknown_value(data: Schema) -> None:
    data["properties"]["previous_status"]["enum"].append("shipped")


def longer(data: Schema) -> None:
    data["properties"]["reason"]["maxLength"] = 10_000


class TestTheGatesCanFail:
    """Each breaking change, planted in a copy of a real schema."""

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (removed, "data.reason: removed"),
            (changed_type, "data.reason: type changed, may now be integer"),
            (sometimes_missing, "data.reason: no longer always there"),
            (sometimes_null, "data.reason: type changed, may now be null"),
            (unknown_value, "data.previous_status: has values that nobody knew"),
            (longer, "data.reason: maxLength is wider"),
        ],
    )
    def test_a_breaking_change(self, change: Callable[[Schema], None], says: str) -> None:
        old = REGISTRY["order.cancelled"][1]
        new = copy.deepcopy(old)
        change(new["properties"]["data"])
        assert breaks(old, new) == [says]
        assert fingerprint(old) != fingerprint(new)

    def test_a_change_deep_inside(self) -> None:
        old = REGISTRY["order.placed"][1]
        new = copy.deepcopy(old)
        del new["$defs"]["money"]["properties"]["currency"]
        assert "data.lines[].total.currency: removed" in breaks(old, new)

    def test_a_required_field_that_no_upcast_fills(self) -> None:
        old, new = REGISTRY["order.cancelled"][1], REGISTRY["order.cancelled"][2]
        assert demands(old, new) == ["data.paid"]
        assert demands(old, old) == []

    def test_a_reader_that_cannot_do_without(self) -> None:
        readers = READERS["inventory.reserved"] | {"careless": lambda event: event.data["total"]}
        assert at_a_loss(readers, "inventory.reserved", 2) == ["careless"]
        readers = {"careless": lambda event: text(event.data, "payment_method")}
        assert at_a_loss(readers, "order.placed", 2) == ["careless"]

    def test_words_are_no_change(self) -> None:
        old = REGISTRY["order.placed"][1]
        assert fingerprint({**old, "title": "Other words."}) == fingerprint(old)
