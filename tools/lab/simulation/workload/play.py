"""The cast of one run: drawn from the seed, small, and in each other's way."""

from random import Random
from typing import Any

from tools.lab.simulation.workload.belonging import belong
from tools.lab.simulation.workload.buying import customer
from tools.lab.simulation.workload.keeping import keeper
from tools.lab.simulation.workload.lending import lend_often
from tools.lab.simulation.workload.looking_back import look_back
from tools.lab.simulation.workload.opening import open_shop
from tools.lab.simulation.workload.operating import migrator, rebuilder, redriver, replayer
from tools.lab.simulation.workload.poison import poisoner
from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.pricing import creep
from tools.lab.simulation.workload.registering import flood, race_for_an_address
from tools.lab.simulation.workload.returning import return_often
from tools.lab.simulation.workload.rotating import rotator
from tools.lab.simulation.workload.scene import Scene
from tools.lab.simulation.workload.switching import switcher
from tools.lab.simulation.workload.visiting import visitor
from tools.lab.simulation.workload.working import clerk


class Workload:
    """Two or three customers with a few orders over one or two products, and who runs the shop."""

    def __init__(self, world: Any, dice: Random) -> None:
        """Take the world and the dice of this run's people."""
        variety = Random(f"variety {world.plan.seed}")
        self.scene = Scene(world, dice, variety)
        self.scene.repeats = variety.choice((0.0, 0.0, 0.4))
        self._guests_dice = Random(f"guests {world.plan.seed}")
        self._consumers = sorted(
            each.consumer
            for each in world.subscriptions
            if not each.consumer.startswith("operations.")  # they have no log of events
        )
        self._is_aged = world.aged
        self._is_switched = world.switched
        self._queues = sorted(each.queue for each in world.subscriptions)

    def actors(self) -> list[Actor]:
        """Return everybody who takes part."""
        scene, dice = self.scene, self.scene.dice
        cast: list[Actor] = [open_shop(scene, products=dice.choice((1, 2, 2)))]
        for number in range(dice.choice((2, 2, 3))):
            orders = dice.choice((1, 1, 2))
            patient = dice.random() < 0.15
            cast.append(customer(scene, number, orders=orders, patient=patient))
        cast.append(keeper(scene, 0, deeds=dice.choice((0, 1, 2, 3))))
        if dice.random() < 0.25:
            cast.append(race_for_an_address(scene))
        if dice.random() < 0.3:
            cast.append(poisoner(scene, self._queues, messages=dice.choice((1, 2))))
        if dice.random() < 0.2:
            cast.append(creep(scene, steps=dice.randint(4, 10)))
        if dice.random() < 0.1:
            cast.append(flood(scene))
        return [*cast, *self._guests()]

    def _guests(self) -> list[Actor]:
        """Return who comes now and then, by dice of their own: all else stays as it is."""
        dice, scene = self._guests_dice, self.scene
        cast: list[Actor] = []
        if dice.random() < 0.13:
            cast.append(visitor(scene, looks=dice.randint(3, 7)))
        if self._is_aged:
            cast.append(migrator(scene))
        if dice.random() < 0.04:
            cast.append(rotator(scene, turns=dice.randint(3, 8)))
        if dice.random() < 0.06:
            cast.append(rebuilder(scene, times=dice.choice((1, 1, 2))))
        if dice.random() < 0.04:
            cast.append(replayer(scene, self._consumers, times=dice.choice((1, 2))))
        if dice.random() < 0.04:
            cast.append(redriver(scene, self._consumers, times=dice.choice((1, 2))))
        if self._is_switched:
            cast.append(switcher(scene, turns=dice.randint(2, 5)))
        return [*cast, *self._holders()]

    def _holders(self) -> list[Actor]:
        """Return whose requests come with tokens, which the authorizer is asked about."""
        dice, scene = self._guests_dice, self.scene
        cast: list[Actor] = []
        if dice.random() < 0.25:
            cast.append(return_often(scene, visits=dice.randint(2, 6)))
        if dice.random() < 0.15:
            cast.append(belong(scene, deeds=dice.randint(2, 6)))
        if dice.random() < 0.12:
            cast.append(lend_often(scene, deeds=dice.randint(2, 6)))
        if dice.random() < 0.15:
            cast.append(clerk(scene, changes=dice.randint(2, 6)))
        return cast

    def epilogue(self) -> list[Actor]:
        """Return who looks back at the end, when nothing fails any more."""
        return [look_back(self.scene)]
