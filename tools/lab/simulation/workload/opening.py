"""The shop opens: products are listed and their first stock comes in."""

from collections.abc import Sequence

from tools.lab.simulation.workload.ports import Actor
from tools.lab.simulation.workload.scene import Scene

PRICE = 1_000
_ABROAD = (("GBP", 60_000), ("GBP", 50_000), ("JPY", 900), ("KWD", 1_250))
"""Of products that are not sold in euros. Two for 50 000 come to what sales calls large."""
_FOREIGN = 0.35
_PRICES = (PRICE, PRICE, PRICE, 0)


def open_shop(scene: Scene, *, products: int, prices: Sequence[int] = _PRICES) -> Actor:
    """Create *products* products, each at one of *prices*, and stock each with a handful."""
    for number in range(products):
        price, currency = scene.dice.choice(prices), "EUR"
        if number and scene.variety.random() < _FOREIGN:
            currency, price = scene.variety.choice(_ABROAD)
        created = yield from scene.admin.insist(
            "POST",
            "/api/v1/products",
            key=f"product-{number}",
            body={
                "mnemonic": f"TEA_{number}",
                "overview": f"Grüner Tee № {number}: 茶 🍵",
                "is_confidential": False,
                "price": {"amount": price, "currency": currency},
            },
        )
        if created is None or created.status != 201:
            continue
        product_id = created.data["id"]
        scene.currencies[product_id] = currency
        units = scene.dice.randint(1, 7)
        yield from scene.admin.insist(
            "POST",
            f"/api/v1/inventory/{product_id}/adjustments",
            key=f"stock-{number}",
            body={"quantity": units, "reason": "opening"},
        )
        scene.products.append(product_id)
    scene.open = True
