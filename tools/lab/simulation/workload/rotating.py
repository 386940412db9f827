"""A schedule takes the signing keys on, while people log in and others ask for the keys."""

from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.registering import PASSWORD
from tools.lab.simulation.workload.scene import Scene

ROTATE = "identity.rotate_signing_keys"
_QUARTER = 900.0


def rotator(scene: Scene, *, turns: int) -> Actor:
    """Publish the first key, begin a rotation before its time, and see it through."""
    while not scene.open:
        yield 0.5
    yield from publish(scene)
    for turn in range(turns):
        yield scene.shop.ask(ROTATE, {"start": turn == 0 or scene.dice.random() < 0.2})
        yield from _look(scene)
        yield scene.dice.choice((1.0, _QUARTER - 1, _QUARTER, 4 * _QUARTER, 4 * _QUARTER + 1))
        if scene.dice.random() < 0.2:  # two at once
            yield scene.shop.ask(ROTATE, {})


def publish(scene: Scene) -> Actor:
    """Publish the first key, as a deployment does: until it is."""
    first = scene.shop.ask(ROTATE, {})
    yield first
    while first.result is None or "error" in first.result:
        yield scene.dice.uniform(0.0, 30.0)
        first = scene.shop.ask(ROTATE, {})
        yield first


def _look(scene: Scene) -> Actor:
    yield from scene.client().once("GET", "/.well-known/jwks.json")
    body = {"email": "customer0@shop.example", "password": PASSWORD}
    yield from scene.client().once("POST", "/api/v1/auth/login", body=body)
