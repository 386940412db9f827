"""Who runs at the moment: the one thing that the virtual modules and the hook look at."""

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from tools.lab.simulation.world.clock import Clock

if TYPE_CHECKING:
    from tools.lab.simulation.world.containers import Container
    from tools.lab.simulation.world.tasks import Task
    from tools.lab.simulation.world.world import World


@dataclass(slots=True)
class State:
    """The run in progress (``world``), the invocation that has the processor, its container.

    ``random`` is where the product's own randomness (ids, jitter, shards) comes from.
    """

    world: "World | None" = None
    task: "Task | None" = None
    container: "Container | None" = None
    clock: Clock | None = None
    random: Random = Random(0)  # noqa: RUF009  # replaced at the start of every run


state = State()
