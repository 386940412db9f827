"""A read model that is rebuilt while it is written: two generations at once."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_STANDINGS = "shared/customers/adapters/unit_of_work.py"
_GENERATIONS = "shared/platform/dynamodb/generations.py"
_REBUILD = "tools/operate/rebuild.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "only what is shown is written",
        "what happens while a read model is rebuilt is missing from the new generation",
        _STANDINGS,
        "            written = generations.written\n",
        "            written = (generations.active,)\n",
    ),
    mutant(
        "a generation from memory",
        "a warm projector writes to the generations that it knew a while ago",
        _GENERATIONS,
        "            if self._latest == guess:\n",
        "            if self._latest == guess or guess != Generations():\n",
    ),
    mutant(
        "shown before it is built",
        "a new generation is shown while most of it is missing",
        _REBUILD,
        "    model.begin(wanted)\n    stopped",
        "    model.begin(wanted)\n    model.finish(wanted)\n    stopped",
    ),
    mutant(
        "the newest generation is shown",
        "a customer is shown a summary that is being built",
        "shared/customers/adapters/summary_reader.py",
        "        wanted = summary_key(generations.active, customer_id)",
        "        wanted = summary_key(generations.written[-1], customer_id)",
    ),
    mutant(
        "a rebuild of one segment",
        "orders in three quarters of the table are in no summary once it is rebuilt",
        _REBUILD,
        "pool.map(build, range(SEGMENTS))",
        "pool.map(build, range(1))",
    ),
    mutant(
        "a rebuild of first pages",
        "a rebuild reads the first page of each segment",
        _REBUILD,
        "        if start is None:\n            return\n",
        "        return\n",
    ),
    Mutant(
        "what was given up is shown",
        "a rebuild that somebody gave up takes over, without what happened since",
        (
            Edit(
                _GENERATIONS,
                "        if known.building not in among:\n",
                "        if known.building not in among and among != (wanted.active,):\n",
            ),
            Edit(
                _REBUILD,
                ".generations().building != wanted:\n",
                ".generations().building == wanted == FIRST:\n",
            ),
            Edit(
                _REBUILD,
                "dynamodb.generations import ReadModel\n",
                "dynamodb.generations import FIRST, ReadModel\n",
            ),
        ),
    ),
    mutant(
        "swept while it is shown",
        "what is shown is removed with what is not",
        _REBUILD,
        '            if generation_of(key["PK"]["S"]) not in written\n',
        '            if generation_of(key["PK"]["S"]) not in written[1:]\n',
    ),
    Mutant(
        "one generation's facts for both",
        "what the new generation knows of an order is written over with the old one's",
        (
            Edit(
                _STANDINGS,
                "return [_standing(found, each, customer_id, order_id) for each in written]",
                "return [\n"
                "            replace(_standing(found, written[0], customer_id, order_id),"
                " generation=each)\n"
                "            for each in written\n"
                "        ]",
            ),
            Edit(
                _STANDINGS,
                "from collections.abc import Mapping\n",
                "from collections.abc import Mapping\nfrom dataclasses import replace\n",
            ),
        ),
    ),
)
