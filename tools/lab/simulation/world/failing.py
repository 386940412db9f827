"""Carries out the calls at which invocations have stopped, and lets them fail."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tools.lab.simulation.world.faults import Fault
from tools.lab.simulation.world.tasks import Task

if TYPE_CHECKING:
    from tools.lab.simulation.world.calls import Call
    from tools.lab.simulation.world.world import World

_ANY = (
    Fault.CRASH_BEFORE,
    Fault.CRASH_AFTER,
    Fault.THROTTLED,
    Fault.INTERNAL_ERROR,
    Fault.LOST_ANSWER,
    Fault.LOST_REQUEST,
    Fault.SLOW,
)
_OUTAGES = (Fault.THROTTLED, Fault.PARTIAL_PUT, Fault.PARTIAL_BATCH, Fault.UNPROCESSED_ITEMS)
"""What tends to happen again at once."""
SLOW_SECONDS = 1.0
"""A call that has not had its turn for so long is slow, whatever the reason."""
_GATEWAY = "gateway"
_GATEWAYS_WEIGHT = 4.0
_SELDOM = {"BatchWriteItem": 10.0}
"""How much more likely a fault is at calls that few runs make at all: those of a rebuild."""
"""It is called seldom, and it is where the money is."""

_THROTTLING = {"dynamodb": "ProvisionedThroughputExceededException", "ses": "Throttling"}
_INTERNAL = {"dynamodb": "InternalServerError", "events": "InternalException"}


_WRITES = (*_ANY, Fault.CONFLICT, Fault.LATE_EFFECT, Fault.RESENT)
_POSSIBLE: Mapping[str, tuple[Fault, ...]] = {
    **dict.fromkeys(("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem"), _WRITES),
    "BatchGetItem": (*_ANY, Fault.UNPROCESSED_KEYS),
    "BatchWriteItem": (*_ANY, Fault.UNPROCESSED_ITEMS, Fault.LATE_EFFECT, Fault.RESENT),
    "PutEvents": (*_ANY, Fault.PARTIAL_PUT, Fault.RESENT),
    "SendMessageBatch": (*_ANY, Fault.PARTIAL_BATCH, Fault.RESENT),
    "DeleteMessageBatch": (*_ANY, Fault.PARTIAL_BATCH, Fault.RESENT),
    "SendEmail": (*_ANY, Fault.LATE_EFFECT, Fault.RESENT),
}


def possible(operation: str) -> tuple[Fault, ...]:
    """Return the faults that can befall a call of *operation*."""
    return _POSSIBLE.get(operation, _ANY)


class Failing:
    """Decides at each call how it goes."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._calls = 0
        self._does: dict[Fault, Callable[[Task, Call], None]] = {
            Fault.CRASH_BEFORE: self._crash_before,
            Fault.CRASH_AFTER: self._crash_after,
            Fault.CONFLICT: self._conflict,
            Fault.THROTTLED: self._throttled,
            Fault.INTERNAL_ERROR: self._internal_error,
            Fault.LOST_ANSWER: self._lost_answer,
            Fault.LOST_REQUEST: self._lost_request,
            Fault.LATE_EFFECT: self._late_effect,
            Fault.RESENT: self._resent,
            Fault.SLOW: self._slow,
            Fault.UNPROCESSED_KEYS: self._unprocessed_keys,
            Fault.UNPROCESSED_ITEMS: self._unprocessed_items,
            Fault.PARTIAL_PUT: self._partial_batch,
            Fault.PARTIAL_BATCH: self._partial_batch,
        }

    def perform(self, task: Task) -> None:
        """Carry out the call of *task*, or fail at it, and let the task go on."""
        call, world = task.call, self._world
        assert call is not None
        self._calls += 1
        call.number = self._calls
        world.calls[f"{call.service}:{call.operation}"] += 1
        world.callers.append(task.function)
        if self._overdue(task):
            return
        weight = _GATEWAYS_WEIGHT if call.table == _GATEWAY else _SELDOM.get(call.operation, 1.0)
        kinds = possible(call.operation)
        if not call.is_tried_again:
            kinds = tuple(each for each in kinds if each is not Fault.RESENT)
        fault = world.faults.at_call(call.number, kinds, weight=weight)
        if fault is None:
            fault = self._goes_on(task, call)
        if fault is None:
            self._answer(task, call, *world.carry_out(call, task))
            return
        task.failed(fault)
        self._note(task, call, fault)
        self._does[fault](task, call)

    def _goes_on(self, task: Task, call: "Call") -> Fault | None:
        """Return the outage that the invocation met last, if it lasts and concerns this call."""
        if not task.faults or task.faults[-1] not in _OUTAGES:
            return None
        last = Fault(task.faults[-1])
        lasts = last in possible(call.operation) and self._world.faults.goes_on(last)
        return last if lasts else None

    def go_on(self, task: Task) -> None:
        """Let a task that slept go on, unless Lambda has ended it."""
        if self._world.clock.now >= task.ends_at:
            self._timed_out(task)
        else:
            task.resume()

    def _overdue(self, task: Task) -> bool:
        """Tell whether its alarm or Lambda's limit came before the call got an answer."""
        world, call = self._world, task.call
        assert call is not None
        ended = world.clock.now >= task.ends_at
        if not (ended or task.rings):
            return False
        if world.clock.now - call.since >= SLOW_SECONDS and Fault.SLOW not in task.faults:
            task.failed(Fault.SLOW)  # nobody injected it: so much happened elsewhere meanwhile
        if not world.plan.orderly and world.dice.random() < 0.5:
            world.carry_out(call, task)  # it was on its way already
        if ended:
            self._timed_out(task)
        else:
            world.faults.note(Fault.DEADLINE)
            world.trace.note(task.name, call.operation, call.subject(), "alarm")
            task.resume()
        return True

    def _timed_out(self, task: Task) -> None:
        self._world.faults.note(Fault.TIMED_OUT)
        self._world.trace.note(task.name, "timed out")
        task.kill()

    def _answer(self, task: Task, call: "Call", answer: Any, error: Exception | None) -> None:
        outcome = "" if error is None else _short(error)
        self._world.trace.note(task.name, call.operation, call.subject(), outcome)
        task.resume(answer, error=error)

    def _note(self, task: Task, call: "Call", fault: Fault) -> None:
        world = self._world
        world.trace.note(task.name, call.operation, call.subject(), f"!! {fault}")
        if call.operation == "PutEvents" and fault is Fault.CRASH_AFTER:
            world.faults.note(Fault.RELAY_DIED)
        if call.table == _GATEWAY and fault is Fault.SLOW:
            world.faults.note(Fault.GATEWAY_LATE)
        if call.operation == "PutItem" and call.table == _GATEWAY and fault is Fault.LOST_ANSWER:
            world.faults.note(Fault.GATEWAY_SILENT)

    def _crash_before(self, task: Task, _: "Call") -> None:
        task.kill()

    def _crash_after(self, task: Task, call: "Call") -> None:
        self._world.carry_out(call, task)
        task.kill()

    def _conflict(self, task: Task, call: "Call") -> None:
        if call.operation != "TransactWriteItems":
            error = call.error("TransactionConflictException", "simulated")
        else:
            actions = len(call.params["TransactItems"])
            error = _cancelled(call, self._drawn(actions), "TransactionConflict")
        task.resume(error=error)

    def _throttled(self, task: Task, call: "Call") -> None:
        if call.operation == "TransactWriteItems" and self._chance():
            actions = len(call.params["TransactItems"])
            error = _cancelled(call, self._drawn(actions), "ThrottlingError")
        else:
            code = _THROTTLING.get(call.service, "ThrottlingException")
            error = call.error(code, "simulated")
        task.resume(error=error)

    def _internal_error(self, task: Task, call: "Call") -> None:
        if self._chance():  # an internal error says nothing about the effect
            self._world.carry_out(call, task)
        code = _INTERNAL.get(call.service, "InternalFailure")
        task.resume(error=call.error(code, "simulated"))

    def _lost_answer(self, task: Task, call: "Call") -> None:
        self._world.carry_out(call, task)
        self._give_up(task, call)

    def _lost_request(self, task: Task, call: "Call") -> None:
        self._give_up(task, call)

    def _late_effect(self, task: Task, call: "Call") -> None:
        world = self._world

        def arrive() -> None:
            _, error = world.carry_out(call, task)
            outcome = "arrives late " + ("" if error is None else _short(error))
            world.trace.note(task.name, call.operation, call.subject(), outcome)

        later = world.clock.now + world.dice.uniform(0.0, 20.0)
        world.at(later, lambda: world.ready(arrive))
        self._give_up(task, call)

    def _resent(self, task: Task, call: "Call") -> None:
        answer, error = self._world.carry_out(call, task)
        if error is None:  # the answer was lost, and the SDK has sent the request again
            answer, error = self._world.carry_out(call, task)
        self._answer(task, call, answer, error)

    def _slow(self, task: Task, call: "Call") -> None:
        def arrive() -> None:
            if not self._overdue(task):
                self._answer(task, call, *self._world.carry_out(call, task))

        self._world.stalled(task, self._world.clock.now + self._pause(0.5, 60.0), arrive)

    def _unprocessed_keys(self, task: Task, call: "Call") -> None:
        """Answer about some keys only: at least one is left."""
        ((table, request),) = call.params["RequestItems"].items()
        keys = request["Keys"]
        left = self._drawn(len(keys))
        some = [key for number, key in enumerate(keys) if number not in left]
        answer: Any = {"Responses": {table: []}}
        if some:
            asked = {"RequestItems": {table: {**request, "Keys": some}}}
            answer, error = self._world.carry_out(call.with_params(asked), task)
            if error is not None:
                task.resume(error=error)
                return
        too_large = answer.get("UnprocessedKeys", {}).get(table, {"Keys": []})["Keys"]
        rest = [*(keys[number] for number in sorted(left)), *too_large]
        task.resume({**answer, "UnprocessedKeys": {table: {**request, "Keys": rest}}})

    def _unprocessed_items(self, task: Task, call: "Call") -> None:
        """Carry out some of the writes only: at least one is left."""
        given = [
            (table, write)
            for table, writes in call.params["RequestItems"].items()
            for write in writes
        ]
        left = self._drawn(len(given))
        some = _by_table(each for number, each in enumerate(given) if number not in left)
        answer: Any = {}
        if some:
            asked = call.with_params({**call.params, "RequestItems": some})
            answer, error = self._world.carry_out(asked, task)
            if error is not None:
                task.resume(error=error)
                return
        rest = _by_table(given[number] for number in sorted(left))
        task.resume({**answer, "UnprocessedItems": rest})

    def _partial_batch(self, task: Task, call: "Call") -> None:
        refused = self._drawn(len(call.params["Entries"]))
        answer, error = self._world.carry_out(call, task, refused)
        task.resume(answer, error=error)

    def _give_up(self, task: Task, call: "Call") -> None:
        """Let the caller wait for nothing, for a moment or for long."""
        quickly = self._chance()
        error = call.lost(quickly=quickly)

        def fail() -> None:
            if self._world.clock.now >= task.ends_at:
                self._timed_out(task)
            elif task.rings:
                task.resume()
            else:
                task.resume(error=error)

        if quickly:
            fail()
        else:
            self._world.stalled(task, self._world.clock.now + self._pause(1.0, 15.0), fail)

    def _chance(self) -> bool:
        return self._world.plan.orderly or self._world.dice.random() < 0.5

    def _pause(self, least: float, most: float) -> float:
        return least if self._world.plan.orderly else self._world.dice.uniform(least, most)

    def _drawn(self, number: int) -> set[int]:
        """Return at least one of the positions 0 … *number* - 1."""
        if self._world.plan.orderly:
            return {0}
        size = self._world.dice.randint(1, number)
        return set(self._world.dice.sample(range(number), size))


def _by_table(writes: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for table, write in writes:
        found.setdefault(table, []).append(write)
    return found


def _cancelled(call: "Call", positions: set[int], code: str) -> Exception:
    number = len(call.params["TransactItems"])
    reasons = [{"Code": code if each in positions else "None"} for each in range(number)]
    codes = ", ".join(reason["Code"] for reason in reasons)
    return call.error(
        "TransactionCanceledException",
        f"Transaction cancelled, simulated [{codes}]",
        CancellationReasons=reasons,
    )


def _short(error: Exception) -> str:
    response: dict[str, Any] = getattr(error, "response", {})
    reasons = [each["Code"] for each in response.get("CancellationReasons", [])]
    code = response.get("Error", {}).get("Code", type(error).__name__)
    return f"{code} {' '.join(reasons)}".rstrip()
