"""BatchGetItem and BatchWriteItem: many single calls in one, without conditions."""

from collections.abc import Mapping
from typing import Any

from tools.lab.simulation.engine import capacity
from tools.lab.simulation.engine.actions import DELETE, PUT, Action
from tools.lab.simulation.engine.errors import Attributes, invalid
from tools.lab.simulation.engine.reads import Fetch
from tools.lab.simulation.engine.table import Table

MAX_KEYS, MAX_WRITES = 100, 25
Tables = Mapping[str, Table]
_DUPLICATES = "Provided list of item keys contains duplicates"


def batch_get_item(tables: Tables, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the items found, in no order, and the keys that did not fit into one answer."""
    asked = capacity.wanted(request)
    given = _request_items(request)
    _refuse_count(sum(len(body.get("Keys", ())) for body in given.values()), MAX_KEYS, "keys")
    wanted = [(tables[name], body, _fetches(body)) for name, body in given.items()]
    for table, _, fetches in wanted:
        keys = []
        for fetch in fetches:
            table.spec.refuse_key(fetch.key)
            keys.append(table.spec.key.key_of(fetch.key))
        if len(set(keys)) < len(keys):
            raise invalid(_DUPLICATES)
    bill = capacity.Bill(asked, "Read")
    responses: dict[str, list[Attributes]] = {}
    left: dict[str, Any] = {}
    size = 0
    for table, body, fetches in wanted:
        name = table.spec.name
        found = responses[name] = []
        consistent = bool(body.get("ConsistentRead"))
        factor = 1 if consistent else 0.5
        for position, fetch in enumerate(fetches):
            row = fetch.row(table, consistent=consistent)
            before, size = size, size + (row.size if row else 0)
            if before and size > table.freedom.batch_bytes:
                left[name] = {**body, "Keys": body["Keys"][position:]}
                break
            bill.add(name, capacity.read_units(row.size if row else 0, factor))
            if row:
                found.append(fetch.shown(row))
        table.freedom.shuffle(found)
    answer: dict[str, Any] = {"Responses": responses, "UnprocessedKeys": left}
    if asked:
        answer["ConsumedCapacity"] = bill.lines()
    return answer


def batch_write_item(tables: Tables, request: Mapping[str, Any]) -> dict[str, Any]:
    """Apply every put and delete."""
    asked = capacity.wanted(request)
    given = _request_items(request)
    _refuse_count(sum(len(body) for body in given.values()), MAX_WRITES, "writes")
    actions = [
        (tables[name], _write_action(member)) for name, body in given.items() for member in body
    ]
    seen = set()
    for table, action in actions:
        action.bind(table)
        seen.add((table.spec.name, action.key))
    if len(seen) < len(actions):
        raise invalid(_DUPLICATES)
    bill = capacity.Bill(asked, "Write")
    for table, action in actions:
        after = action.outcome()
        table.write(action.key, after)
        bill.write(table, action.before, after)
    answer: dict[str, Any] = {"UnprocessedItems": {}}
    if asked:
        answer["ConsumedCapacity"] = bill.lines()
    return answer


def _request_items(request: Mapping[str, Any]) -> Mapping[str, Any]:
    given: Mapping[str, Any] = request.get("RequestItems") or {}
    if not given or not all(given.values()):
        raise invalid(
            "1 validation error detected: Value at 'requestItems' failed to satisfy constraint:"
            " Member must have length greater than or equal to 1"
        )
    return given


def _refuse_count(number: int, allowed: int, what: str) -> None:
    if not 1 <= number <= allowed:
        raise invalid(
            f"Too many items requested: {number} {what} in one batch, at least 1 and at most"
            f" {allowed} are allowed"
        )


def _fetches(body: Mapping[str, Any]) -> list[Fetch]:
    shared = {name: value for name, value in body.items() if name != "Keys"}
    return [Fetch({**shared, "Key": key}) for key in body.get("Keys", ())]


def _write_action(member: Mapping[str, Any]) -> Action:
    if len(member) == 1:
        ((kind, body),) = member.items()
        if kind == "PutRequest":
            return Action(PUT, body)
        if kind == "DeleteRequest":
            return Action(DELETE, body)
    raise invalid(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of"
        " the supported datatypes"
    )
