"""Visitors: look at what is public, at how the system is, and for what is not there."""

from collections.abc import Callable

from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.scene import Scene

_NOWHERE = (
    ("GET", "/api/v1/products/of/yesterday"),
    ("DELETE", "/api/v1/products"),
    ("GET", "/api/v1/inventory"),
    ("PUT", "/api/v1/orders"),
    ("GET", "/api/v1/payments"),
    ("GET", "/api/v1/notifications/of/others"),
    ("GET", "/api/v1/customers"),
    ("POST", "/api/v1/users/me"),
    ("GET", "/api/v1/flags/of/others/all"),
    ("GET", "/health/of/others"),
)
"""Methods and addresses that no route has, some for each service."""


def visitor(scene: Scene, *, looks: int) -> Actor:
    """Come back to one product's details while others buy it, and look at this and that."""
    while not scene.open:
        yield 0.5
    if not scene.products:
        return
    product = scene.dice.choice(scene.products)
    for _ in range(looks):
        yield from scene.dice.choice(_LOOKS)(scene, product)
        yield scene.dice.choice((0.0, 0.05, 0.5, 3.0, 60.0, 900.0, 1_000.0))


def _details(scene: Scene, product: str) -> Actor:
    """Two look at once: one of them composes what both are shown."""
    path = f"/api/v2/products/{product}/details"
    requests = [scene.client().start("GET", path) for _ in range(scene.dice.choice((1, 2)))]
    yield from requests


def _changed(scene: Scene, product: str) -> Actor:
    """A product changes while somebody looks at it, and is looked at again."""
    path = f"/api/v1/products/{product}"
    price = scene.price(product, scene.dice.randint(800, 1_200))
    looking = scene.client().start("GET", f"/api/v2/products/{product}/details")
    yield scene.admin.start("PATCH", path, body={"price": price})
    yield looking
    yield from _details(scene, product)


def _in_secret(scene: Scene, product: str) -> Actor:
    """A product costs something else while it is hidden: that stays between the shop and it."""
    path = f"/api/v1/products/{product}"
    amount = scene.dice.randint(800, 1_200)
    prices = [scene.price(product, each) for each in (amount, amount + 1)]
    for change in ({"is_confidential": True}, *({"price": each} for each in prices)):
        yield from scene.admin.insist("PATCH", path, key=None, body=change)
    yield from _details(scene, product)
    yield from scene.admin.insist("PATCH", path, key=None, body={"is_confidential": False})
    yield from _details(scene, product)


def _health(scene: Scene, _: str) -> Actor:
    path = scene.dice.choice(("/health", "/health/ready"))
    yield from scene.client().once("GET", path)


def _nowhere(scene: Scene, _: str) -> Actor:
    method, path = scene.dice.choice(_NOWHERE)
    yield from scene.client().once(method, path)


def _watch(scene: Scene, _: str) -> Actor:
    """A schedule, and nobody who visits: it measures."""
    yield scene.shop.ask("orders.watch_open_orders", {})


_LOOKS: tuple[Callable[[Scene, str], Actor], ...] = (
    _details,
    _details,
    _changed,
    _in_secret,
    _health,
    _nowhere,
    _watch,
)
