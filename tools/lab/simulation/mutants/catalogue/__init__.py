"""Every mutant, by the part of the system that it is planted in."""

from tools.lab.simulation.mutants.catalogue import (
    batches,
    caches,
    catalog,
    causes,
    consumers,
    errands,
    generations,
    identity,
    inventory,
    markers,
    notifications,
    orders,
    payments,
    reads,
    relay,
    staleness,
    templates,
    transactions,
    unit_of_work,
    writes,
)
from tools.lab.simulation.mutants.mutant import Mutant

BY_PART: dict[str, tuple[Mutant, ...]] = {
    "unit of work": unit_of_work.MUTANTS,
    "conditions": writes.MUTANTS,
    "markers": markers.MUTANTS,
    "transactions": transactions.MUTANTS,
    "relay": relay.MUTANTS,
    "consumers": consumers.MUTANTS,
    "inventory": inventory.MUTANTS,
    "orders": orders.MUTANTS,
    "payments": payments.MUTANTS,
    "notifications": notifications.MUTANTS,
    "catalog": catalog.MUTANTS,
    "identity": identity.MUTANTS,
    "causes": causes.MUTANTS,
    "reads": reads.MUTANTS,
    "stale reads": staleness.MUTANTS,
    "batches": batches.MUTANTS,
    "caches": caches.MUTANTS,
    "generations": generations.MUTANTS,
    "errands": errands.MUTANTS,
    "templates": templates.MUTANTS,
}
MUTANTS: tuple[Mutant, ...] = tuple(each for part in BY_PART.values() for each in part)
