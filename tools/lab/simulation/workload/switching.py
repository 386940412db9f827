"""Somebody of the shop switches flags, for all or for one, while letters are on their way."""

from typing import Any

from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.scene import Scene

FLAGS = "/api/v1/flags"
_NAMES = ("customer_mails", "customer_mails", "sales_alerts")


def switcher(scene: Scene, *, turns: int) -> Actor:
    """Set flags *turns* times, now and then two at once or by what was seen before."""
    dice = scene.variety
    for _ in range(turns):
        name = dice.choice(_NAMES)
        if dice.random() < 0.3:
            both = [
                scene.admin.start("PUT", f"{FLAGS}/{name}", body=_setting(scene)) for _ in "12"
            ]
            yield from both
        yield from scene.admin.insist("PUT", f"{FLAGS}/{name}", key=None, body=_setting(scene))
        yield from scene.admin.once("GET", FLAGS)
        yield dice.choice((0.0, 1.0, 20.0, 40.0, 200.0))


def _setting(scene: Scene) -> dict[str, Any]:
    dice = scene.variety
    setting: dict[str, Any] = {"enabled": dice.random() < 0.5}
    if scene.customers and dice.random() < 0.4:
        others = "users_off" if setting["enabled"] else "users_on"
        setting[others] = [dice.choice(scene.customers).id]
    return setting
