"""The cast of one run: drawn from the seed, small, and in each other's way."""

from random import Random
from typing import Any

from tools.lab.simulation.workload.buying import customer
from tools.lab.simulation.workload.keeping import keeper
from tools.lab.simulation.workload.looking_back import look_back
from tools.lab.simulation.workload.opening import open_shop
from tools.lab.simulation.workload.poison import poisoner
from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.pricing import creep
from tools.lab.simulation.workload.registering import flood, race_for_an_address
from tools.lab.simulation.workload.returning import return_often
from tools.lab.simulation.workload.scene import Scene


class Workload:
    """Two or three customers with a few orders over one or two products, and who runs the shop."""

    def __init__(self, world: Any, dice: Random) -> None:
        """Take the world and the dice of this run's people."""
        self.scene = Scene(world, dice)
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
        if dice.random() < 0.25:
            cast.append(return_often(scene, visits=dice.randint(2, 6)))
        return cast

    def epilogue(self) -> list[Actor]:
        """Return who looks back at the end, when nothing fails any more."""
        return [look_back(self.scene)]
