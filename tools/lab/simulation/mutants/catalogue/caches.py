"""Answers that outlive what they carry: what a cache, a copy or a warm container has kept."""

from tools.lab.simulation.mutants.mutant import Mutant, mutant

_CACHE = "shared/platform/cache/cache.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "nobody tells the cache",
        "a product's details stay as they were for a quarter of an hour after it changed",
        "shared/catalog/adapters/unit_of_work.py",
        "        self._uow.stage(new_generation(entry_tag(aggregate.id)))\n",
        "        if aggregate.committed_version == 0:\n"
        "            self._uow.stage(new_generation(entry_tag(aggregate.id)))\n",
    ),
    mutant(
        "what was read before counts as read after",
        "an answer that was composed while its product changed is kept as the new one's",
        _CACHE,
        "encode(Entry(value, generations)), ttl=ttl)",
        "encode(Entry(value, self._look(key, tags).generations)), ttl=ttl)",
    ),
    mutant(
        "any generation will do",
        "what a cache has kept counts as long as its tag has a generation, whichever it is",
        _CACHE,
        "dict(entry.generations) == present",
        "entry.generations.keys() == present.keys()",
    ),
    mutant(
        "hidden products have details",
        "who knows its id sees a product that is hidden from the public",
        "shared/gateway/queries/get_product_details.py",
        '        if entry is None or entry["product"]["is_confidential"]:\n',
        "        if entry is None:\n",
    ),
    mutant(
        "what it cost in secret is told",
        "prices of the time when a product was hidden are shown with its details",
        "shared/catalog/domain/price_history.py",
        "        if point.is_confidential:\n            continue\n",
        "",
    ),
)
