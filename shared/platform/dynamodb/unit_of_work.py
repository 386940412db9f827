"""The unit of work on DynamoDB: everything one command changes in one transaction.

A context's unit of work subclasses `DynamoUnitOfWork` and adds its repositories.
"""

from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from shared.kernel.aggregate import Aggregate
from shared.kernel.clock import Clock, SystemClock
from shared.kernel.commands import CommandResult
from shared.kernel.ids import IdSource, new_id
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.counters import DEFAULT_SHARDS, CounterChanges
from shared.platform.dynamodb.events import event_items
from shared.platform.dynamodb.markers import mark_handled, remember
from shared.platform.dynamodb.transaction import Transactor
from shared.platform.dynamodb.writes import Write, put
from shared.platform.runtime.context import aggregate_id_name, current, note_ids
from shared.platform.runtime.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


# The attribute is missing where there is no event, and from one that an earlier release wrote.
_OVER = "attribute_not_exists(expires_at) OR expires_at <= :now"


class _Saved(NamedTuple):
    aggregate: Aggregate
    version: int
    """The one that its state was written for."""
    expires_at: int | None


class DynamoUnitOfWork:
    """Collects writes and commits them with events and the request's marker, or drops them."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        clock: Clock | None = None,
        ids: IdSource = new_id,
        transactor: Transactor | None = None,
    ) -> None:
        self.client = client
        self.table = table
        self.clock = clock or SystemClock()
        self._ids = ids
        self._transactor = transactor or Transactor(client, table)
        self._saved: dict[tuple[str, str], _Saved] = {}
        self._writes: list[Write] = []
        self._counters = CounterChanges()

    def __enter__(self) -> Self:
        self._clear()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clear()

    def register(self, aggregate: Aggregate, *state: Write, expires_at: int | None = None) -> None:
        """Commit *aggregate*'s pending events with the writes of its *state*; none, no change.

        With *expires_at* (epoch seconds) its events are kept until then, and give way to others of
        their version afterwards, as do those that were written before they had an end: its state
        must not end before them.
        Once per aggregate, and last: `RuntimeError` for one saved twice, and at the commit for one
        that changed after it was saved, because its state would lag behind its events for ever.
        """
        if not aggregate.pending_events:
            return
        key = aggregate.aggregate_type, aggregate.id
        if key in self._saved:
            msg = f"{aggregate.aggregate_type} {aggregate.id} is saved twice in one unit of work"
            raise RuntimeError(msg)
        self._saved[key] = _Saved(aggregate, aggregate.version, expires_at)
        self._writes.extend(state)

    def stage(self, write: Write) -> None:
        """Add one more write to the transaction: a claim, a list entry, another balance."""
        self._writes.append(write)

    def count(self, counter: str, by: int, *, shards: int = DEFAULT_SHARDS) -> None:
        """Add *by* to a counter with the commit; changes of one counter become one write."""
        self._counters.add(counter, by, shards=shards)

    def checkpoint(self) -> None:
        """Write what was saved so far, and no marker; see `shared.kernel.unit_of_work`."""
        self._send("checkpoint", [])

    def commit(self, result: CommandResult | None = None) -> None:
        """Write everything in one ``TransactWriteItems``; see `shared.kernel.unit_of_work`."""
        self._send("commit", self._markers(result))
        inbox = current().inbox
        if inbox is not None:
            inbox.marked = True

    def _send(self, call: str, markers: list[Write]) -> None:
        entity = "+".join(dict.fromkeys(kind for kind, _ in self._saved)) or "nothing"
        with repository_call(call, entity):
            writes = [*self._writes, *self._counters.writes(), *self._events(), *markers]
            if writes:
                self._transactor.send(writes)
        for saved in self._saved.values():
            saved.aggregate.mark_committed()
        kinds = [kind for kind, _ in self._saved]  # one of many would say nothing
        note_ids({aggregate_id_name(k): id for k, id in self._saved if kinds.count(k) == 1})
        self._clear()

    def _events(self) -> list[Write]:
        for saved in self._saved.values():
            if saved.aggregate.version != saved.version:
                kind, id_ = saved.aggregate.aggregate_type, saved.aggregate.id
                msg = f"{kind} {id_} changed after it was saved"
                raise RuntimeError(msg)
        return [write for saved in self._saved.values() for write in self._events_of(saved)]

    def _events_of(self, saved: "_Saved") -> list[Write]:
        context = current().event_context()
        items = event_items(saved.aggregate, context=context, clock=self.clock, ids=self._ids)
        if saved.expires_at is None:
            return [put(item) for item in items]
        now = int(self.clock.now().timestamp())
        return [
            put(
                {**item, "expires_at": saved.expires_at},
                condition=_OVER,
                values={":now": now},
            )
            for item in items
        ]

    def _markers(self, result: CommandResult | None) -> list[Write]:
        known, context = settings(), current()
        now = int(self.clock.now().timestamp())
        markers: list[Write] = []
        if context.inbox is not None:
            markers.append(mark_handled(context.inbox, now=now, ttl=known.inbox_ttl_seconds))
        if context.idempotency is not None and result is not None:
            markers.append(
                remember(context.idempotency, result, now=now, ttl=known.idempotency_ttl_seconds)
            )
        return markers

    def _clear(self) -> None:
        self._saved.clear()
        self._writes.clear()
        self._counters.clear()
