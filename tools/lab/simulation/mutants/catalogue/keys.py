"""Signing keys: windows of time that begin or end somewhere else."""

from tools.lab.simulation.mutants.mutant import Mutant, mutant

_RING = "shared/identity/domain/key_ring.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a key signs at once",
        "a key signs that nobody who keeps the published ones can know",
        _RING,
        "        return announced is not None and now - announced.published_at >= ANNOUNCED\n",
        "        return announced is not None\n",
    ),
    mutant(
        "a key is forgotten since it signed",
        "a key is no longer published a moment after another one signs",
        _RING,
        "k.retired_at is None or now - k.retired_at < RETIRED",
        "k.retired_at is None or now - k.published_at < RETIRED",
    ),
    mutant(
        "what is announced is not shown",
        "a key is published when it signs, and not an hour before",
        "shared/identity/adapters/jwk_set.py",
        "_jwk(key.kid, key.x) for key in ring.keys]",
        "_jwk(key.kid, key.x) for key in ring.keys if key.signs_since]",
    ),
)
