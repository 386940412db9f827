"""TransactWriteItems and TransactGetItems: all or nothing, and why nothing."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tools.lab.simulation.engine import capacity
from tools.lab.simulation.engine.actions import CHECK, DELETE, NO_KEY, PUT, UPDATE, Action
from tools.lab.simulation.engine.collection import Row
from tools.lab.simulation.engine.errors import (
    InvalidChange,
    Reason,
    Refused,
    cancelled,
    invalid,
)
from tools.lab.simulation.engine.reads import Fetch
from tools.lab.simulation.engine.table import Table

MAX_ACTIONS = 100
MAX_BYTES = 4 * 1024 * 1024
TOKEN_SECONDS = 600
"""How long a ``ClientRequestToken`` is remembered after its transaction."""

_KINDS = frozenset({PUT, UPDATE, DELETE, CHECK})
_REPEATED = "Transaction request cannot include multiple operations on one item"
_NOTHING: Reason = {"Code": "None"}
Tables = Mapping[str, Table]


class _Remembered(NamedTuple):
    actions: Any
    until: float
    sizes: list[tuple[str, int]]


class Transactions:
    """Runs transactions and remembers their tokens; *now* is in seconds."""

    def __init__(self, tables: Tables, now: Callable[[], float]) -> None:
        self._tables = tables
        self._now = now
        self._tokens: dict[str, _Remembered] = {}

    def write(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Apply every action, or raise `Refused` with a reason for each."""
        asked = capacity.wanted(request)
        given = _members(request)
        actions = [_action(member) for member in given]
        tables = [self._tables[body["TableName"]] for _, body in map(_only, given)]
        token = request.get("ClientRequestToken")
        if token is not None:
            known = self._known(token)
            if known is not None:
                return self._repeated(known, given, asked)
        reasons = [_bound(action, table) for action, table in zip(actions, tables, strict=True)]
        _refuse_repetitions(actions)
        rows = [
            _outcome(action) if reason is _NOTHING else reason
            for action, reason in zip(actions, reasons, strict=True)
        ]
        _refuse_cancelled(rows)
        bill = capacity.Bill(asked, "Write", factor=2, split=True)
        for action, row in zip(actions, rows, strict=True):
            after = row if isinstance(row, Row) else None
            if action.kind != CHECK:
                action.table.write(action.key, after)
            bill.write(action.table, action.before, after)
        if token is not None:
            self._remember(token, given, actions, rows)
        return {"ConsumedCapacity": bill.lines()} if asked else {}

    def get(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the items as they are at one point in time."""
        asked = capacity.wanted(request)
        fetches = []
        for member in _members(request):
            kind, body = _only(member)
            if kind != "Get":
                raise invalid("TransactItems can only contain Get in TransactGetItems")
            fetches.append((Fetch(body), self._tables[body["TableName"]]))
        reasons: list[Reason] = [_key_reason(fetch, table) for fetch, table in fetches]
        if any(reason is not _NOTHING for reason in reasons):
            raise cancelled(reasons)
        keys = {(table.spec.name, table.spec.key.key_of(fetch.key)) for fetch, table in fetches}
        if len(keys) < len(fetches):
            raise invalid(_REPEATED)
        bill = capacity.Bill(asked, "Read", split=True)
        responses: list[dict[str, Any]] = []
        for fetch, table in fetches:
            row = fetch.row(table, consistent=True)
            bill.add(table.spec.name, capacity.read_units(row.size if row else 0, 2))
            responses.append({"Item": fetch.shown(row)} if row else {})
        answer: dict[str, Any] = {"Responses": responses}
        if asked:
            answer["ConsumedCapacity"] = bill.lines()
        return answer

    def _known(self, token: str) -> _Remembered | None:
        now = self._now()
        for old in [it for it, known in self._tokens.items() if known.until <= now]:
            del self._tokens[old]
        return self._tokens.get(token)

    def _repeated(self, known: _Remembered, given: Any, asked: str) -> dict[str, Any]:
        if known.actions != given:
            raise Refused(
                "IdempotentParameterMismatchException",
                "Request token already in use for another request with a different payload",
            )
        bill = capacity.Bill(asked, "Read", split=True)
        for table, size in known.sizes:
            bill.add(table, capacity.read_units(size, 2))
        return {"ConsumedCapacity": bill.lines()} if asked else {}

    def _remember(self, token: str, given: Any, actions: list[Action], rows: list[Any]) -> None:
        sizes = [
            (action.table.spec.name, row.size if isinstance(row, Row) else 0)
            for action, row in zip(actions, rows, strict=True)
        ]
        self._tokens[token] = _Remembered(given, self._now() + TOKEN_SECONDS, sizes)


def _members(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = request.get("TransactItems") or []
    if not 1 <= len(given) <= MAX_ACTIONS:
        raise invalid(
            f"1 validation error detected: Value with {len(given)} members at 'transactItems'"
            " failed to satisfy constraint: Member must have length between 1 and 100, inclusive"
        )
    return given


def _only(member: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    if len(member) != 1:
        raise invalid("TransactItems can only contain one of Check, Put, Update or Delete")
    ((kind, body),) = member.items()
    return kind, body


def _action(member: Mapping[str, Any]) -> Action:
    kind, body = _only(member)
    if kind not in _KINDS:
        raise invalid("TransactItems can only contain one of Check, Put, Update or Delete")
    required = {UPDATE: "UpdateExpression", CHECK: "ConditionExpression"}.get(kind)
    if required is not None and body.get(required) is None:
        raise invalid(
            f"1 validation error detected: Value null at '{required}' failed to satisfy"
            " constraint: Member must not be null"
        )
    return Action(kind, body)


def _bound(action: Action, table: Table) -> Reason:
    try:
        action.bind(table)
    except InvalidChange as problem:
        return {"Code": "ValidationError", "Message": str(problem)}
    return _NOTHING


def _key_reason(fetch: Fetch, table: Table) -> Reason:
    try:
        table.spec.refuse_key(fetch.key)
    except InvalidChange as problem:
        return {"Code": "ValidationError", "Message": str(problem)}
    return _NOTHING


def _refuse_repetitions(actions: list[Action]) -> None:
    targets = [(it.table.spec.name, it.key) for it in actions if it.key is not NO_KEY]
    if len(set(targets)) < len(targets):
        raise invalid(_REPEATED)


def _outcome(action: Action) -> Row | Reason | None:
    """Return the row to store, or the reason why the action cancels the transaction."""
    if not action.holds():
        reason: Reason = {
            "Code": "ConditionalCheckFailed",
            "Message": "The conditional request failed",
        }
        if action.returns_item and action.before:
            reason["Item"] = action.before.item
        return reason
    try:
        return action.outcome()
    except InvalidChange as problem:
        return {"Code": "ValidationError", "Message": str(problem)}


def _refuse_cancelled(rows: list[Row | Reason | None]) -> None:
    reasons = [row if isinstance(row, dict) else _NOTHING for row in rows]
    if any(reason is not _NOTHING for reason in reasons):
        raise cancelled(reasons)
    if sum(row.size for row in rows if isinstance(row, Row)) > MAX_BYTES:
        raise invalid("Transaction request exceeds the 4MB transaction size limit")
