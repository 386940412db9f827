"""The unit of work's promises kept in a dict: for use cases tested without a database.

A context's fake subclasses it and adds its repositories, as its adapter does:

    class OrdersInMemory(InMemoryUnitOfWork):
        @property
        def orders(self) -> InMemoryRepository[Order]:
            return InMemoryRepository(self, Order)

The suite in ``tests/adapters/test_unit_of_work.py`` holds it to what DynamoDB does.
"""

from types import TracebackType
from typing import Any, Self

from shared.kernel.aggregate import Aggregate
from shared.kernel.clock import Clock, SystemClock
from shared.kernel.commands import CommandResult
from shared.kernel.errors import StaleAggregate
from shared.kernel.ids import IdSource, new_id
from shared.platform.dynamodb.events import envelope_of, event_items
from shared.platform.dynamodb.markers import EventAlreadyHandled, RequestAlreadyAnswered
from shared.platform.runtime.context import current
from shared.platform.runtime.settings import settings
from tests.support.fakes.database import Database, Saved


class InMemoryUnitOfWork:
    """Commits to a `Database` all at once or not at all."""

    def __init__(
        self,
        database: Database | None = None,
        *,
        clock: Clock | None = None,
        ids: IdSource = new_id,
    ) -> None:
        self.database = database or Database()
        self.clock = clock or SystemClock()
        self._ids = ids
        self._saved: list[Saved] = []

    def __enter__(self) -> Self:
        self._saved.clear()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._saved.clear()

    def register(self, saved: Saved) -> None:
        """Commit *saved* with the rest."""
        self._saved.append(saved)

    def checkpoint(self) -> None:
        """Apply what was saved so far, and no marker; see `shared.kernel.unit_of_work`."""
        with self.database.lock:
            self._check_states()
            self._apply_states()
        self._forget()

    def commit(self, result: CommandResult | None = None) -> None:
        """Check every condition, then apply every change; see `shared.kernel.unit_of_work`."""
        with self.database.lock:
            self._check(result)
            self._apply(result)
        self._forget()

    def _forget(self) -> None:
        for saved in self._saved:
            saved.aggregate.mark_committed()
        self._saved.clear()

    def _check(self, result: CommandResult | None) -> None:
        known, context, now = self.database, current(), self._epoch()
        if context.inbox and known.inbox.get(_inbox_key(context), 0) > now:
            raise EventAlreadyHandled
        if context.idempotency and result is not None:
            stored = known.answers.get(_answer_key(context))
            if stored is not None and stored[2] > now:
                raise RequestAlreadyAnswered
        self._check_states()

    def _check_states(self) -> None:
        known = self.database
        for saved in self._saved:
            stored_state = known.states.get(_key(saved.aggregate))
            version = stored_state.version if stored_state is not None else 0
            if version != saved.aggregate.committed_version:
                raise StaleAggregate("The object was changed by somebody else. Please try again.")
            for claim, taken in saved.claims.items():
                if known.unique.get(claim, saved.aggregate.id) != saved.aggregate.id:
                    raise taken()

    def _apply(self, result: CommandResult | None) -> None:
        known, context = self.database, current()
        self._apply_states()
        if context.inbox:
            known.inbox[_inbox_key(context)] = self._epoch() + settings().inbox_ttl_seconds
        if context.idempotency and result is not None:
            expires = self._epoch() + settings().idempotency_ttl_seconds
            answer = context.idempotency.fingerprint, result.to_data(), expires
            known.answers[_answer_key(context)] = answer

    def _apply_states(self) -> None:
        known = self.database
        for saved in self._saved:
            items = event_items(
                saved.aggregate,
                context=current().event_context(),
                clock=self.clock,
                ids=self._ids,
            )
            known.events += [envelope_of(item) for item in items]
            saved.state.mark_committed()
            known.states[_key(saved.aggregate)] = saved.state
            for released in saved.released:
                known.unique.pop(released, None)
            known.unique |= dict.fromkeys(saved.claims, saved.aggregate.id)

    def _epoch(self) -> int:
        return int(self.clock.now().timestamp())


def _key(aggregate: Aggregate) -> tuple[str, str]:
    return aggregate.aggregate_type, aggregate.id


def _inbox_key(context: Any) -> tuple[str, str]:
    return context.inbox.consumer, context.inbox.event_id


def _answer_key(context: Any) -> tuple[str, str, str]:
    request = context.idempotency
    return request.principal, request.route, request.key
