"""What whoever is on call starts: replays and migrations that go on where they stopped."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_REPLAY = "shared/operations/use_cases/replay_events.py"
_QUEUES = "shared/operations/adapters/queues.py"
_LEDGER = "shared/platform/migrations/ledger.py"
_RUNNER = "shared/platform/migrations/runner.py"
_REWRITE = "shared/platform/migrations/rewrite.py"
_LOG = "shared/platform/dynamodb/event_log.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a replay of the first source",
        "who hears of two contexts is given the first one's events again, and no other's",
        _REPLAY,
        "    rest = sources[sources.index(position.source) + 1 :]\n",
        "    rest: Sequence[str] = ()\n",
    ),
    mutant(
        "every segment is the first",
        "a replay in segments gives the first one's events again and again",
        _LOG,
        '            "Segment": segment,\n',
        '            "Segment": 0,\n',
    ),
    mutant(
        "until is still in it",
        "a span takes what happened at the very moment at which it ends",
        _LOG,
        '" AND occurred_at < :until"',
        '" AND occurred_at <= :until"',
    ),
    mutant(
        "since is not yet in it",
        "a span leaves out what happened at the very moment at which it begins",
        _LOG,
        "AND occurred_at >= :since",
        "AND occurred_at > :since",
    ),
    mutant(
        "what a queue took in part is sent",
        "of a batch that a queue took in part the rest is never sent",
        _REPLAY,
        "            if not waiting:\n                return\n",
        "            if len(waiting) < len(messages) or not waiting:\n                return\n",
    ),
    mutant(
        "the first ones were taken",
        "of a batch that a queue took in part the wrong ones are sent again",
        _QUEUES,
        '        return [messages[int(entry["Id"])] for entry in answer.get("Successful", [])]\n',
        '        return list(messages[: len(answer.get("Successful", []))])\n',
    ),
    mutant(
        "a page is done when it is asked for",
        "of a span that takes two pages the second is skipped",
        _REPLAY,
        "        return Position(source=position.source, after=after)\n",
        "        pass\n",
    ),
    mutant(
        "a migration cut anew",
        "who goes on with a migration cuts the table otherwise than who began",
        _LEDGER,
        "            return begun_with\n",
        "            return segments\n",
    ),
    mutant(
        "every segment goes on like the first",
        "who goes on with a migration takes each segment to be as far as the first",
        _RUNNER,
        "known.get(number, Progress(segment=number)) for number",
        "replace(known.get(0, Progress(segment=number)), segment=number) for number",
    ),
    mutant(
        "one segment done, all done",
        "a migration is recorded as done when one of its segments is",
        _RUNNER,
        "        done = all(end.done for end in ends)\n",
        "        done = any(end.done for end in ends)\n",
    ),
    mutant(
        "a page is done before it is",
        "a migration that dies in a page goes on behind it",
        _RUNNER,
        "            items, next_key = self._page(progress, segments)\n",
        "            items, next_key = self._page(progress, segments)\n"
        "            ahead = replace(progress, next_key=next_key, done=next_key is None)\n"
        "            book.advance(migration.id, ahead)\n",
    ),
    Mutant(
        "a migration looks away",
        "what a migration makes of an item goes over what a command has made of it since",
        (
            Edit(
                _REWRITE,
                '    guarded = [*differing, *(["version"] if "version" in old else [])]\n',
                "    guarded = differing\n",
            ),
            Edit(
                _REWRITE,
                '" AND ".join([*conditions, f"attribute_exists({token[\'PK\']})"])',
                'f"attribute_exists({token[\'PK\']})" if conditions else ""',
            ),
        ),
    ),
)
