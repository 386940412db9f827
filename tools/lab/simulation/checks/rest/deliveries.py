"""Every event was handled by everybody who subscribed to it, once; only poison is left over."""

import json
from collections import Counter
from typing import Any

from tools.lab.simulation.checks import rules
from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Item
from tools.lab.simulation.checks.markers import Markers
from tools.lab.simulation.checks.violation import require
from tools.lab.simulation.workload.poison import MARK

PUBLISHED = "events: every event reaches the bus, and nothing else does"
HANDLED = "events: everybody who subscribed handles an event exactly once"
LEFT = "queues: nothing is left but poison among the dead letters"

GIVEN_UP = "queues: a sound message is given up after its eighth failure, not before"
_FAILURES = 8


def check(world: Any, books: Books, markers: Markers) -> None:
    """Hold the deliveries to the rules in the templates."""
    _published(world, books)
    _handled(books, markers)
    _left(world)
    _given_up(world)


def _published(world: Any, books: Books) -> None:
    stored = {event["event_id"]: event for event in books.events}
    seen = {detail["id"] for _, detail in world.bus_log}
    missing = [f"{stored[each]['type']} {each}" for each in stored if each not in seen]
    require(not missing, PUBLISHED, f"{missing} never came")
    require(seen <= set(stored), PUBLISHED, f"{seen - set(stored)} were never stored")
    for source, detail in world.bus_log:
        event = stored[detail["id"]]
        same = detail["type"] == event["type"] and _carries(detail, event)
        same = same and source == f"tradewind.{event['context']}"
        require(same, PUBLISHED, f"{source} {detail}; stored was {event}")


def _carries(detail: Any, event: Item) -> bool:
    """Tell whether the bus got the stored data, or more of it: old versions are upcast."""
    if detail["schema_version"] == event["schema_version"]:
        return bool(detail["data"] == event["data"])
    return all(detail["data"].get(name) == value for name, value in event["data"].items())


def _handled(books: Books, markers: Markers) -> None:
    wanted = {}
    for event in books.events:
        for consumer in rules.consumers(event):
            wanted[consumer, event["event_id"]] = event["type"]
    for (consumer, event_id), event_type in wanted.items():
        times = markers.handled[consumer, event_id]
        require(times == 1, HANDLED, f"{consumer}: {event_type} {event_id} {times} times")
    others = [each for each in markers.handled if each not in wanted and markers.handled[each]]
    require(not others, HANDLED, f"{others} have no rule")


def _left(world: Any) -> None:
    waiting = {name: bodies for name, bodies in world.queues.items() if bodies}
    require(not waiting, LEFT, f"still waiting: {waiting}")
    require(world.lost_records == 0, LEFT, f"{world.lost_records} stream records were given up")
    dead = [body for bodies in world.dlqs.values() for body in bodies]
    sound = [body for body in dead if MARK not in body]
    require(not sound, LEFT, f"dead letters that are no poison: {sound}")
    for name in world.queues:
        queue = world.queue(name)
        lost = queue.poison - {message.body for message in queue.dead}
        require(not lost, LEFT, f"{name}: poison vanished: {lost}")
        once = len(queue.dead) == len(queue.poison) or world.faults.injected
        require(once, LEFT, f"{name}: dead letters twice: {[each.body for each in queue.dead]}")


def _given_up(world: Any) -> None:
    """What was put back had been tried as often as the template allows, and failed each time."""
    tried = Counter(
        (delivery.consumer, event_id)
        for delivery in world.deliveries
        for event_id in delivery.event_ids
    )
    for name in world.queues:
        queue = world.queue(name)
        for message in queue.redriven:
            event_id = json.loads(message.body)["detail"]["id"]
            times = tried[queue.spec.consumer, event_id] - 1  # the last was after the redrive
            # Where the table is what fails, nobody can count, and SQS's own end counts all.
            often = queue.received[message.body] >= queue.spec.max_receive_count
            enough = times >= _FAILURES or often
            require(enough, GIVEN_UP, f"{name}: {event_id} after {times} deliveries")
