"""When everything has come to rest, everybody looks once more at everything that is theirs."""

from collections.abc import Generator

from tools.lab.simulation.workload.client import Client
from tools.lab.simulation.workload.ports import Actor, Wait
from tools.lab.simulation.workload.scene import Customer, Scene


def look_back(scene: Scene) -> Actor:
    """Have every customer and the shop read their lists to the end."""
    for customer in scene.customers:
        yield from _own(customer)
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


def _leaf_through(
    client: Client, path: str, *, counted: bool = True
) -> Generator[Wait, None, None]:
    """Read a list page by page, two items each, with its total on the first if it is *counted*."""
    query = {"limit": "2", **({"include_total": "true"} if counted else {})}
    while True:
        answer = yield from client.once("GET", path, query=query)
        if answer is None or answer.status != 200 or not answer.data.get("next_cursor"):
            return
        query = {"limit": "2", "cursor": answer.data["next_cursor"]}
