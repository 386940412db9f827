"""Stream → bus."""

from tools.lab.simulation.mutants.mutant import Mutant, mutant

_RELAY = "shared/platform/entry/relay.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "relay acknowledges a refused put",
        "events that the bus refused to the end are lost",
        _RELAY,
        '        raise ExternalServiceError(f"the bus refused {len(waiting)} events")\n',
        "        return never\n",
    ),
    mutant(
        "relay ignores partial failure",
        "entries that the bus did not take are lost",
        _RELAY,
        '                if "EventId" in outcome:\n                    del waiting[event_id]\n',
        "                if outcome:\n                    del waiting[event_id]\n",
    ),
    mutant(
        "relay acknowledges an error",
        "a batch whose put failed is lost",
        _RELAY,
        '            published = relay.publish(event["Records"])\n',
        "            try:\n"
        '                published = relay.publish(event["Records"])\n'
        "            except Exception:\n"
        "                published = 0\n",
    ),
    mutant(
        "relay resends the wrong entries",
        "after a partial failure the first entries go out again instead of those refused",
        _RELAY,
        '            for event_id, outcome in zip([*waiting], answer["Entries"], strict=True):\n',
        '            outcomes = sorted(answer["Entries"], key=lambda each: "EventId" in each)\n'
        "            for event_id, outcome in zip([*waiting], outcomes, strict=True):\n",
    ),
    mutant(
        "relay takes one event of a batch",
        "of several events in a batch of the stream only the first goes out",
        _RELAY,
        "        for record in _events(records):\n",
        "        for record in list(_events(records))[:1]:\n",
    ),
)
