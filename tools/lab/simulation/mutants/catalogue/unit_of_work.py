"""One command, one transaction: what happens when it is two."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_UOW = "shared/platform/dynamodb/unit_of_work.py"
_EVENTS = "shared/platform/dynamodb/events.py"
_EVENT_SOURCED = "shared/platform/dynamodb/event_sourced.py"

_TOGETHER = """\
            writes = [*self._writes, *self._counters.writes(), *self._events(), *markers]
            if writes:
                self._transactor.send(writes)
"""


def _apart(first: str, second: str) -> str:
    return (
        "            state = [*self._writes, *self._counters.writes()]\n"
        "            events = self._events()\n"
        f"            for part in ({first}, {second}):\n"
        "                if part:\n"
        "                    self._transactor.send(part)\n"
    )


MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "events after the commit",
        "the state commits first, its events in a second transaction",
        _UOW,
        _TOGETHER,
        _apart("state + markers", "events"),
    ),
    mutant(
        "events before the state",
        "events commit first, and the state may never follow",
        _UOW,
        _TOGETHER,
        _apart("events", "state + markers"),
    ),
    mutant(
        "marker before the effect",
        "inbox marker and idempotency record commit before what they guard",
        _UOW,
        _TOGETHER,
        _apart("markers", "state + events"),
    ),
    mutant(
        "marker after the effect",
        "inbox marker and idempotency record commit after what they guard",
        _UOW,
        _TOGETHER,
        _apart("state + events", "markers"),
    ),
    mutant(
        "counters on their own",
        "counters change in a transaction of their own",
        _UOW,
        _TOGETHER,
        "            if counted := self._counters.writes():\n"
        "                self._transactor.send(counted)\n"
        + _TOGETHER.replace("*self._counters.writes(), ", ""),
    ),
    mutant(
        "inbox missing",
        "consumers leave no marker",
        _UOW,
        "        if context.inbox is not None:\n",
        "        if context.inbox is None:\n            markers += []\n        if False:\n",
    ),
    mutant(
        "idempotency record missing",
        "no answer is remembered",
        _UOW,
        "        if context.idempotency is not None and result is not None:\n",
        "        if False:\n",
    ),
    mutant(
        "events not staged",
        "state commits without its events",
        _UOW,
        "*self._counters.writes(), *self._events(), *markers]",
        "*self._counters.writes(), *markers]",
    ),
    Mutant(
        "writes kept from a failed attempt",
        "what an attempt staged before it failed commits with the next one",
        (
            Edit(
                _UOW,
                "    def __enter__(self) -> Self:\n        self._clear()\n",
                "    def __enter__(self) -> Self:\n",
            ),
            Edit(
                _UOW,
                "        trace: TracebackType | None,\n    ) -> None:\n        self._clear()\n",
                "        trace: TracebackType | None,\n    ) -> None:\n        pass\n",
            ),
        ),
    ),
    mutant(
        "event versions from zero",
        "events are numbered one too low, and meet the last one of before",
        _EVENTS,
        "    first = aggregate.committed_version + 1\n",
        "    first = aggregate.committed_version\n",
    ),
    mutant(
        "snapshot written once",
        "the snapshot of an order is not renewed with its events",
        _EVENT_SOURCED,
        "        self._uow.register(aggregate, state)\n",
        "        self._uow.register(\n"
        "            aggregate, *([state] if aggregate.committed_version == 0 else [])\n"
        "        )\n",
    ),
)
