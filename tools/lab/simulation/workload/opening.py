"""The shop opens: products are listed and their first stock comes in."""

from collections.abc import Sequence

from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.scene import Scene

PRICE = 1_000
_PRICES = (PRICE, PRICE, PRICE, 0)


def open_shop(scene: Scene, *, products: int, prices: Sequence[int] = _PRICES) -> Actor:
    """Create *products* products, each at one of *prices*, and stock each with a handful."""
    for number in range(products):
        price = scene.dice.choice(prices)
        created = yield from scene.admin.insist(
            "POST",
            "/api/v1/products",
            key=f"product-{number}",
            body={
                "mnemonic": f"TEA_{number}",
                "overview": f"Grüner Tee № {number}: 茶 🍵",
                "is_confidential": False,
                "price": {"amount": price, "currency": "EUR"},
            },
        )
        if created is None or created.status != 201:
            continue
        product_id = created.data["id"]
        units = scene.dice.randint(1, 7)
        yield from scene.admin.insist(
            "POST",
            f"/api/v1/inventory/{product_id}/adjustments",
            key=f"stock-{number}",
            body={"quantity": units, "reason": "opening"},
        )
        scene.products.append(product_id)
    scene.open = True
