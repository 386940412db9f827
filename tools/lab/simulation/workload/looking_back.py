"""When everything has come to rest, everybody looks once more at everything that is theirs."""

from collections.abc import Generator, Mapping

from tools.lab.simulation.workload.client import Client
from tools.lab.simulation.workload.ports import Actor, Wait
from tools.lab.simulation.workload.scene import Customer, Scene

_CURIOUS = 0.15
_STATUSES = ("paid", "cancelled", "rejected", "paid,cancelled", "payment_failed,rejected")
_SORTED_ORDERS = ("placed_at", "status,placed_at", "-status,-placed_at", "-status")


def look_back(scene: Scene) -> Actor:
    """Have every customer and the shop read their lists to the end."""
    for customer in scene.customers:
        yield from _own(customer)
    if scene.variety.random() < _CURIOUS:
        yield from _narrowed(scene)
    yield from _leaf_through(scene.admin, "/api/v1/products")
    yield from _leaf_through(scene.client(), "/api/v1/products")
    yield from scene.admin.once("GET", "/api/v1/orders/stuck", query={"older_than": "0"})


def _own(customer: Customer) -> Actor:
    yield from _leaf_through(customer.client, "/api/v1/orders")
    yield from _leaf_through(customer.client, "/api/v1/notifications", counted=False)
    yield from customer.client.once("GET", "/api/v1/users/me")
    yield from customer.client.once("GET", f"/api/v1/customers/{customer.id}/summary")
    for order_id in customer.orders:
        yield from customer.client.once("GET", f"/api/v1/orders/{order_id}")
        yield from customer.client.once("GET", f"/api/v1/orders/{order_id}/history")
        yield from customer.client.once("GET", f"/api/v1/payments/{order_id}")


def _narrowed(scene: Scene) -> Actor:
    """Read lists that are narrowed and sorted; bounds are what something is exactly."""
    dice = scene.variety
    for customer in scene.customers:
        wanted = [{"status": dice.choice(_STATUSES)}, {"sort": dice.choice(_SORTED_ORDERS)}]
        if customer.orders:
            path = f"/api/v1/orders/{dice.choice(customer.orders)}"
            seen = yield from customer.client.once("GET", path)
            bound = dice.choice(("placed_from", "placed_before"))
            if seen is not None and seen.status == 200:
                wanted.append({bound: seen.data["placed_at"]})
        for each in wanted:
            yield from _leaf_through(customer.client, "/api/v1/orders", counted=False, where=each)
    reader = dice.choice((scene.admin, scene.client()))
    shown = yield from reader.once("GET", "/api/v2/products", query={"limit": "100"})
    if shown is None or shown.status != 200 or not shown.data["items"]:
        return
    price = dice.choice(shown.data["items"])["price"]
    within = {"currency": price["currency"], "sort": dice.choice(("price", "-price"))}
    amount = str(price["amount"])
    for each in (
        within | {dice.choice(("min_price", "max_price")): amount},
        within | {"min_price": amount, "max_price": amount},
        {"category": dice.choice(("cups", "uncategorised")), "sort": "mnemonic"},
        {"tag": dice.choice(("new", "old")), "mnemonic": dice.choice(("C", "TEA", "POT"))},
    ):
        yield from _leaf_through(reader, "/api/v2/products", counted=False, where=each)


def _leaf_through(
    client: Client,
    path: str,
    *,
    counted: bool = True,
    where: Mapping[str, str] | None = None,
) -> Generator[Wait, None, None]:
    """Read a list page by page, two items each, with its total on the first if it is *counted*."""
    always = {"limit": "2", **(where or {})}
    query = always | ({"include_total": "true"} if counted else {})
    while True:
        answer = yield from client.once("GET", path, query=query)
        if answer is None or answer.status != 200 or not answer.data.get("next_cursor"):
            return
        query = always | {"cursor": answer.data["next_cursor"]}
