"""Conditions: what two writers do to each other without them."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_WRITES = "shared/platform/dynamodb/writes.py"
_VERSION_CHECK = """\
        condition="#version = :committed",
        values={":committed": committed_version},
        names={"#version": "version"},
"""

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "version check missing",
        "a state and its events are stored over whatever is there",
        (
            Edit(_WRITES, _VERSION_CHECK, "        condition=None,\n"),
            Edit(
                "shared/platform/dynamodb/unit_of_work.py",
                "            return [put(item) for item in items]\n",
                "            return [put(item, condition=None) for item in items]\n",
            ),
        ),
    ),
    mutant(
        "puts without condition",
        "new states, events and claims overwrite those there are",
        _WRITES,
        'condition: str | None = "attribute_not_exists(PK)"',
        "condition: str | None = None",
    ),
    mutant(
        "claim without condition",
        "a unique value can be claimed twice",
        _WRITES,
        "    return put(item, refused=taken)\n",
        "    return put(item, condition=None, refused=taken)\n",
    ),
)
