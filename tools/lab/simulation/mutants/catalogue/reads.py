"""Counters, lists and batches."""

from tools.lab.simulation.mutants.mutant import Mutant, mutant

_COUNTERS = "shared/platform/dynamodb/counters.py"
_PAGING = "shared/platform/dynamodb/paging.py"
_READING = "shared/platform/dynamodb/reading.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "counter set, not added to",
        "a total forgets what was there",
        _COUNTERS,
        '"ADD amount :by"',
        '"SET amount = :by"',
    ),
    mutant(
        "one shard too many",
        "what is counted on the last shard is never read",
        _COUNTERS,
        "    shard = random.randrange(shards)",
        "    shard = random.randrange(shards + 1)",
    ),
    mutant(
        "page starts one late",
        "between two pages an item is lost",
        _PAGING,
        "_key(items[-1], listing) if len(found) > asked.limit",
        "_key(found[-1], listing) if len(found) > asked.limit",
    ),
    mutant(
        "keys left unprocessed are left",
        "what a batch read left for later does not exist",
        _READING,
        '        request = answer.get("UnprocessedKeys")\n',
        "        request = None\n",
    ),
)
