"""A shopkeeper who is no administrator moves a price step by step, for more than a day."""

from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.scene import Scene

DAY = 86_400.0
_WAITS = (60.0, DAY / 4, DAY / 2, DAY - 1, DAY, DAY + 1)
_STEPS = ((4, 5), (6, 5), (9, 10), (11, 10), (1, 1))
"""Factors: down and up by a fifth, which is what is allowed, and less."""


def creep(scene: Scene, *, steps: int) -> Actor:
    """Ask for *steps* prices of one product, each in reach of one that it had."""
    while not scene.open:
        yield 0.5
    if not scene.products:
        return
    product = scene.dice.choice(scene.products)
    path = f"/api/v1/products/{product}"
    seen = yield from scene.merchandiser.once("GET", path)
    if seen is None or seen.status != 200:
        return
    known = [seen.data["price"]["amount"]]
    for _ in range(steps):
        yield scene.dice.choice(_WAITS)
        many, parts = scene.dice.choice(_STEPS)
        near = scene.dice.choice(known[-3:])
        amount = near * many // parts + scene.dice.choice((0, 0, 0, 1, -1))
        price = scene.price(product, max(0, amount))
        answer = yield from scene.merchandiser.once("PATCH", path, body={"price": price})
        if answer is not None and answer.status == 200:
            known.append(price["amount"])
