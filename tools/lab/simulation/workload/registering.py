"""People open accounts, some of them with the same e-mail address at the same time."""

from collections.abc import Generator

from tools.lab.simulation.workload.ports import Actor, Wait
from tools.lab.simulation.workload.scene import Customer, Scene
from tools.lab.support.http_events import Caller

PASSWORD = "seven quiet otters at dusk"  # of people who do not exist


def body_of(name: str, email: str) -> dict[str, str]:
    """Return what a registration sends."""
    return {"email": email, "password": PASSWORD, "name": name}


def join(scene: Scene, number: int) -> Generator[Wait, None, Customer | None]:
    """Open an account and return its holder; ``None`` when it never worked out."""
    visitor = scene.client()
    email = f"customer{number}@shop.example"
    answer = yield from visitor.insist(
        "POST",
        "/api/v1/auth/register",
        key="a-visitor-joins-the-shop",  # everybody's: what they send tells strangers apart
        body=body_of(f"Zoë Łącka-{number} 李", email),
    )
    if answer is None or answer.status != 201:
        return None
    user_id = answer.data["id"]
    customer = Customer(scene.client(Caller(user_id=user_id)), user_id)
    scene.customers.append(customer)
    return customer


def race_for_an_address(scene: Scene) -> Actor:
    """Two people claim one address at once, in two spellings, and one of them tries to log in."""
    visitor = scene.client()
    requests = [
        visitor.start(
            "POST",
            "/api/v1/auth/register",
            body=body_of(name, email),
            key="a-race-for-the-name" if scene.dice.random() < 0.5 else None,
        )
        for name, email in (("Ada Ö", "both@shop.example"), ("Bób", "Both@Shop.example"))
    ]
    yield from requests
    if scene.dice.random() < 0.5:
        yield from visitor.once(
            "POST",
            "/api/v1/auth/login",
            body={"email": "both@shop.example", "password": scene.dice.choice((PASSWORD, "no"))},
            key="a-visitor-logs-in",
        )


def flood(scene: Scene) -> Actor:
    """Register one mailbox in more spellings than it gets welcomes."""
    visitor = scene.client()
    for address in ("Fay@", "f.a.y@", "fay+1@", "fa.y+two@", "FAY+3@"):
        body = body_of("Fay", f"{address}shop.example")
        yield from visitor.insist("POST", "/api/v1/auth/register", key=None, body=body)
